package dev.store.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BlockOrderTest {
    @Test
    void orderTurnsWithEachBlock() {
        List<String> systems = List.of("A", "B", "C");

        assertThat(BlockOrder.of(systems, 1)).containsExactly("A", "B", "C");
        assertThat(BlockOrder.of(systems, 2)).containsExactly("C", "B", "A");
        assertThat(BlockOrder.of(systems, 3)).containsExactly("A", "B", "C");
    }
}
