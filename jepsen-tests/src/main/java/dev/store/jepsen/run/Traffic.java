package dev.store.jepsen.run;

import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.history.Recorder;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * What workloads are made of.
 *
 * @param nodes to talk to
 * @param recorder of what is said
 * @param random for what is left to chance
 * @param revision the newest revision that anybody has seen
 */
record Traffic(List<Node> nodes, Recorder recorder, Random random, Supplier<Long> revision) {}
