package dev.store.bench.compare;

import dev.store.bench.cluster.Cluster;
import dev.store.bench.cluster.EtcdCluster;
import dev.store.bench.cluster.LocalCluster;
import dev.store.bench.cluster.ZookeeperCluster;
import dev.store.bench.etcd.EtcdSession;
import dev.store.bench.load.Connections;
import dev.store.bench.store.StoreSession;
import dev.store.bench.work.Session;
import dev.store.bench.zookeeper.ZookeeperSession;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** A system that is compared: how its cluster is started, and by what protocol load comes. */
public enum Peer {
    /** etcd, by its protocol. */
    ETCD("etcd, three processes, " + EtcdCluster.OPTIONS + ", else defaults; load by etcd's protocol") {
        @Override
        Cluster start(Path home) {
            return EtcdCluster.start(NODES);
        }

        @Override
        Session open(Cluster cluster, int connections) {
            return new EtcdSession(new Connections(cluster.endpoints(), connections, THREADS));
        }
    },
    /** Store, by etcd's protocol. */
    STORE_ETCD("Store, three processes, defaults; load by etcd's protocol, with the same client code as etcd's") {
        @Override
        Cluster start(Path home) {
            return LocalCluster.start(home, NODES, "");
        }

        @Override
        Session open(Cluster cluster, int connections) {
            return new EtcdSession(new Connections(cluster.endpoints(), connections, THREADS));
        }
    },
    /** Store, by its own API. */
    STORE("Store, three processes, defaults; load by its own API") {
        @Override
        Cluster start(Path home) {
            return LocalCluster.start(home, NODES, "");
        }

        @Override
        Session open(Cluster cluster, int connections) {
            return new StoreSession(new Connections(cluster.endpoints(), connections, THREADS));
        }
    },
    /** ZooKeeper, by its asynchronous Java client. */
    ZOOKEEPER("ZooKeeper, three processes, " + ZookeeperCluster.OPTIONS
            + ", else defaults; load by its asynchronous Java client") {
        @Override
        Cluster start(Path home) {
            return ZookeeperCluster.start(NODES);
        }

        @Override
        Session open(Cluster cluster, int connections) {
            return new ZookeeperSession(cluster.endpoints(), connections);
        }
    };

    static final int NODES = 3;
    /** Event loops of all connections together; ZooKeeper's client has two threads for each connection of its own. */
    private static final int THREADS = 2;

    private final String description;

    Peer(String description) {
        this.description = description;
    }

    /** Starts a fresh cluster. */
    abstract Cluster start(Path home);

    /** Connects so many times to a cluster, spread over its nodes. */
    abstract Session open(Cluster cluster, int connections);

    /** Its name on the command line and in results. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What exactly runs. */
    String description() {
        return description;
    }

    /** The system of a label. */
    public static Peer of(String label) {
        return Arrays.stream(values())
                .filter(peer -> peer.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("system: \"" + label + "\" (expected: one of "
                        + Arrays.stream(values()).map(Peer::label).collect(Collectors.joining(", ")) + ")"));
    }
}
