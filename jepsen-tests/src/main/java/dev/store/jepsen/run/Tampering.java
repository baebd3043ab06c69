package dev.store.jepsen.run;

import java.nio.file.Path;
import java.util.List;

/**
 * What is done to the nodes themselves, to see whether a run finds it.
 *
 * @param classes classes before those of the distribution
 * @param lyingSyncs whether syncs do nothing and say that they did, from when the cluster serves
 */
public record Tampering(List<Path> classes, boolean lyingSyncs) {
    /** Nothing: the product as it is. */
    public static final Tampering NONE = new Tampering(List.of(), false);

    public Tampering {
        classes = List.copyOf(classes);
    }
}
