package dev.store.bench.cluster;

import java.util.List;
import java.util.Map;

/**
 * How a node is started.
 *
 * @param words the program and its arguments
 * @param environment what is added to the environment of this process
 */
record NodeCommand(List<String> words, Map<String, String> environment) {
    NodeCommand {
        words = List.copyOf(words);
        environment = Map.copyOf(environment);
    }
}
