package dev.store.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ArrivalsTest {
    private static final long START = 1_000_000;

    @Test
    void operationsFallDueAtTheRate() {
        Arrivals arrivals = new Arrivals(1_000, 10, START);

        assertThat(arrivals.take(START - 1)).isNull();
        assertThat(arrivals.take(START)).isEqualTo(new Arrivals.Due(0, START));
        assertThat(arrivals.take(START)).isNull();
        assertThat(arrivals.nextDueNanos()).isEqualTo(START + 1_000_000);
        assertThat(arrivals.take(START + 1_000_000)).isEqualTo(new Arrivals.Due(1, START + 1_000_000));
    }

    @Test
    void operationThatFellDueWhileAllClientsWereBusyCountsFromThen() {
        Arrivals arrivals = new Arrivals(1_000, 1, START);
        long late = START + 50_000_000;

        assertThat(arrivals.take(START)).isNotNull();
        assertThat(arrivals.take(late)).isNull();
        arrivals.ended(0);

        assertThat(arrivals.take(late)).isEqualTo(new Arrivals.Due(0, START + 1_000_000));
    }

    @Test
    void clockThatIsNegativeOrWrapsDoesNotMatter() {
        Arrivals arrivals = new Arrivals(1_000, 10, Long.MAX_VALUE - 10);

        assertThat(arrivals.take(Long.MAX_VALUE - 11)).isNull();
        assertThat(arrivals.take(Long.MIN_VALUE + 10)).isNotNull();
    }
}
