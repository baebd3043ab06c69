package dev.store.jepsen.nemesis;

import dev.store.jepsen.cluster.Disk;
import dev.store.jepsen.cluster.Namespaces;
import dev.store.jepsen.cluster.Shim;

/** What a fault needs of the machine and of the cluster that it hurts. */
public enum Need {
    /** Nodes in network namespaces. */
    NAMESPACES,
    /** Nodes on disks of their own. */
    DISKS,
    /** Nodes with a shim. */
    SHIMS,
    /** Proxies between the nodes. */
    LINKS;

    /** Why this cannot be had here; empty if it can. */
    public String obstacle() {
        return switch (this) {
            case NAMESPACES -> Namespaces.obstacle();
            case DISKS -> Disk.obstacle();
            case SHIMS -> Shim.obstacle();
            case LINKS -> "";
        };
    }
}
