package dev.store.bench.compare;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The order of the systems in a block: A B C, then C B A, and so on, so that what drifts with time, such as the machine's
 * temperature or a neighbour's load, favours none of them.
 */
final class BlockOrder {
    private BlockOrder() {}

    /** The order in the block of a number, the first being 1. */
    static <T> List<T> of(List<T> systems, int block) {
        List<T> order = new ArrayList<>(systems);
        if (block % 2 == 0) {
            Collections.reverse(order);
        }
        return order;
    }
}
