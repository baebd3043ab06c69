package dev.store.jepsen.cluster;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node has that can be hurt.
 *
 * @param disk its disk, or null if its data lies in an ordinary folder
 * @param shim what is preloaded into it, or null
 * @param raftLink proxy before its Raft port, or null
 * @param clientLink proxy before its client port, or null
 * @param patches jars or folders of classes before those of the distribution
 */
record Gear(
        @Nullable Disk disk,
        @Nullable Shim shim,
        @Nullable Link raftLink,
        @Nullable Link clientLink,
        List<Path> patches) {
    static final Gear NONE = new Gear(null, null, null, null, List.of());

    Gear {
        patches = List.copyOf(patches);
    }

    void close() {
        if (raftLink != null) {
            raftLink.close();
        }
        if (clientLink != null) {
            clientLink.close();
        }
        if (disk != null) {
            disk.close();
        }
    }
}
