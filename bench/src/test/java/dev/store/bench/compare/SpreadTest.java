package dev.store.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {
    @Test
    void medianOfAnOddNumberIsTheOneInTheMiddle() {
        assertThat(Spread.of(List.of(9.0, 1.0, 4.0))).isEqualTo(new Spread(4, 1, 9));
    }

    @Test
    void medianOfAnEvenNumberIsTheMeanOfTheTwoInTheMiddle() {
        assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 9.0))).isEqualTo(new Spread(3, 1, 9));
    }

    @Test
    void factorShowsTheSpreadOnlyWhereThereIsOne() {
        assertThat(new Spread(2.514, 2.4, 2.61).asFactor()).isEqualTo("2.51× (2.40–2.61)");
        assertThat(new Spread(2.5, 2.5, 2.5).asFactor()).isEqualTo("2.50×");
    }

    @Test
    void numbersHaveAboutThreeDigits() {
        assertThat(Spread.shorten(0.614)).isEqualTo("0.61");
        assertThat(Spread.shorten(61.44)).isEqualTo("61.4");
        assertThat(Spread.shorten(12_345.6)).isEqualTo("12,346");
    }
}
