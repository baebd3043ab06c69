package dev.store.bench.compare;

import dev.store.bench.work.Job;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What one system did in one block.
 *
 * @param block number of the block, from 1
 * @param peer the system
 * @param job what it was asked to do
 * @param phase under what load
 * @param values the figures
 */
record Sample(int block, Peer peer, Job job, Phase phase, Map<Metric, Double> values) {
    Sample {
        values = values.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(values));
    }
}
