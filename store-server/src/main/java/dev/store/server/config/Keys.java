package dev.store.server.config;

import dev.store.api.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Every setting there is, in the order in which people see them; docs/configuration.md is checked against it. */
final class Keys {
    private static final List<Key<?>> ALL = new ArrayList<>();

    static final Key<String> NODE_NAME = key(
            "node.name",
            Kind.TEXT,
            "n1",
            "Name of this node, unique in the cluster: 1 to 63 characters of a-z, 0-9 and '-'. Never changes.");
    static final Key<String> NODE_DATA = key(
            "node.data",
            Kind.TEXT,
            "store-data",
            "Folder that holds everything the node keeps: log, snapshots, database. Created if it does not exist.");
    static final Key<Duration> NODE_SHUTDOWN_TIMEOUT = key(
            "node.shutdown-timeout",
            Kind.DURATION,
            "15s",
            "Longest time between SIGTERM and the end of the process, 1s to 10m; past it the process ends at once.");

    static final Key<Endpoint> CLIENT_LISTEN =
            key("client.listen", Kind.ENDPOINT, "127.0.0.1:7400", "Address of the gRPC port for clients.");
    static final Key<String> CLIENT_ADVERTISE = key(
            "client.advertise",
            Kind.TEXT,
            "",
            "host:port under which clients and members reach the gRPC port. Default: what cluster.members says of this"
                    + " node, else client.listen.");
    static final Key<Integer> CLIENT_MAX_CONNECTIONS = key(
            "client.max-connections",
            Kind.NUMBER,
            "10000",
            "Most connections served at a time, 1 to 1000000; calls over further ones are refused with OVERLOADED.");
    static final Key<Integer> CLIENT_MAX_CALLS = key(
            "client.max-calls-per-connection",
            Kind.NUMBER,
            "10000",
            "Most calls and streams under way on one connection, 1 to 1000000; further ones wait at the client.");
    static final Key<Duration> CLIENT_KEEPALIVE_TIME = key(
            "client.keepalive-time",
            Kind.DURATION,
            "30s",
            "A connection without traffic for this long is pinged, 1s to 2h.");
    static final Key<Duration> CLIENT_KEEPALIVE_TIMEOUT = key(
            "client.keepalive-timeout",
            Kind.DURATION,
            "10s",
            "A ping without an answer for this long ends the connection, 100ms to 10m.");
    static final Key<Duration> CLIENT_MIN_KEEPALIVE = key(
            "client.min-keepalive-interval",
            Kind.DURATION,
            "5s",
            "Clients that ping more often than this are disconnected, 10ms to 1h.");

    static final Key<String> HTTP_LISTEN = key(
            "http.listen",
            Kind.TEXT,
            "",
            "host:port of the HTTP port with etcd's JSON gateway, by custom port 7402. Default: not opened.");

    static final Key<Endpoint> RAFT_LISTEN =
            key("raft.listen", Kind.ENDPOINT, "127.0.0.1:7401", "Address of the Raft port for other members.");
    static final Key<String> RAFT_ADVERTISE = key(
            "raft.advertise",
            Kind.TEXT,
            "",
            "host:port under which other members reach the Raft port. Default: what cluster.members says of this node,"
                    + " else raft.listen.");
    static final Key<Duration> RAFT_ELECTION_MIN = key(
            "raft.election-timeout-min",
            Kind.DURATION,
            "1s",
            "Shortest silence of the leader after which a follower stands for election, 100ms to 1m. Much longer than a"
                    + " round trip and a pause of the JVM.");
    static final Key<Duration> RAFT_ELECTION_MAX = key(
            "raft.election-timeout-max",
            Kind.DURATION,
            "2s",
            "Longest such silence, at most 2m; at least 1.2 times the shortest, so that votes do not split.");

    static final Key<String> CLUSTER_NAME = key(
            "cluster.name",
            Kind.TEXT,
            "store",
            "Name of the cluster: 1 to 63 characters of a-z, 0-9 and '-'. The same on all members.");
    static final Key<String> CLUSTER_ID = key(
            "cluster.id",
            Kind.TEXT,
            "",
            "UUID of the Raft group, the same on all members. Default: derived from cluster.name. Name one where two"
                    + " clusters of one name could meet.");
    static final Key<List<InitialMember>> CLUSTER_MEMBERS = key(
            "cluster.members",
            Kind.MEMBERS,
            "",
            "Voters of a new cluster, each name=raftHost:port/clientHost:port, the same list on each of them. Read only"
                    + " when the data folder is empty. Empty: a cluster of this node alone.");
    static final Key<Boolean> CLUSTER_JOIN = key(
            "cluster.join",
            Kind.SWITCH,
            "false",
            "Start with an empty data folder and wait to be added to an existing cluster; cluster.members must be"
                    + " empty.");

    static final Key<Long> SNAPSHOT_LOG_BYTES = key(
            "snapshot.log-bytes",
            Kind.SIZE,
            "128MiB",
            "A snapshot is taken when the log has grown by this much since the last one, 1MiB to 64GiB.");
    static final Key<Duration> SNAPSHOT_INTERVAL = key(
            "snapshot.interval",
            Kind.DURATION,
            "1h",
            "A snapshot is taken after this time if anything was applied since the last one, 1s to 30d; 0 for never.");
    static final Key<Long> SNAPSHOT_KEEP_ENTRIES = key(
            "snapshot.keep-log-entries",
            Kind.LONG_NUMBER,
            "10000",
            "Log entries kept before a snapshot, so that a member that was away briefly needs no snapshot, 0 to"
                    + " 10000000.");

    static final Key<Duration> HISTORY_KEEP_TIME = key(
            "history.keep-time",
            Kind.DURATION,
            "1h",
            "Versions that were overwritten longer ago than this are forgotten, 1s to 365d; 0 keeps them for ever."
                    + " Measured by the time stamps of revisions.");
    static final Key<Long> HISTORY_KEEP_REVISIONS = key(
            "history.keep-revisions",
            Kind.LONG_NUMBER,
            "0",
            "Versions that were overwritten more than this many revisions ago are forgotten, at least 100; 0 sets no"
                    + " bound.");
    static final Key<Duration> HISTORY_CHECK_INTERVAL = key(
            "history.check-interval",
            Kind.DURATION,
            "1m",
            "How often the leader looks whether history must be compacted, 100ms to 1h.");

    static final Key<Long> LIMITS_REQUEST = key(
            "limits.request-bytes",
            Kind.SIZE,
            "1536KiB",
            "Largest request, 64KiB to " + Limits.REQUEST_BYTES / 1024 + "KiB.");
    static final Key<Integer> LIMITS_WATCHES_PER_STREAM = key(
            "limits.watches-per-stream",
            Kind.NUMBER,
            String.valueOf(Limits.WATCHES_PER_STREAM),
            "Most watches on one stream, 1 to " + Limits.WATCHES_PER_STREAM + ".");
    static final Key<Integer> LIMITS_WATCHES_PER_MEMBER = key(
            "limits.watches-per-member",
            Kind.NUMBER,
            String.valueOf(Limits.WATCHES_PER_MEMBER),
            "Most watches on this node, 1 to " + Limits.WATCHES_PER_MEMBER + ".");
    static final Key<Integer> LIMITS_READ_THREADS = key(
            "limits.read-threads",
            Kind.NUMBER,
            "2",
            "Threads that evaluate ranges, streamed ranges and hashes, 1 to 256.");
    static final Key<Integer> LIMITS_READ_QUEUE = key(
            "limits.read-queue",
            Kind.NUMBER,
            "4096",
            "Most ranges that wait for a thread, 1 to 1000000; further ones are refused with OVERLOADED.");

    static final Key<Duration> PEER_PROPOSE_TIMEOUT = key(
            "peer.propose-timeout",
            Kind.DURATION,
            "10s",
            "How long a follower waits for the leader's answer to a forwarded change, 100ms to 5m. After it the outcome"
                    + " is unknown.");
    static final Key<Duration> PEER_READ_TIMEOUT = key(
            "peer.read-timeout",
            Kind.DURATION,
            "5s",
            "How long a follower waits for the leader's answer to other calls, and how long a read without a deadline"
                    + " waits in all, 100ms to 5m.");
    static final Key<Duration> PEER_STATUS_TIMEOUT = key(
            "peer.status-timeout", Kind.DURATION, "2s", "How long a member may take to tell its state, 100ms to 1m.");

    static final Key<Boolean> CHECKS_ENABLED = key(
            "checks.enabled",
            Kind.SWITCH,
            "false",
            "Whether this member connects to instances of services to check them. Set it alike on all members.");
    static final Key<List<AddressRange>> CHECKS_ALLOWED = key(
            "checks.allowed",
            Kind.ADDRESS_RANGES,
            "",
            "Addresses that may be checked, as a list such as 10.0.0.0/8, 127.0.0.1, fd00::/8. Nothing else is connected"
                    + " to, whatever a name resolves to. Needed with checks.enabled.");

    static final Key<String> LOG_LEVEL = key(
            "log.level", Kind.TEXT, "info", "Least severe level that is logged: error, warn, info, debug or trace.");

    private Keys() {}

    static List<Key<?>> all() {
        return List.copyOf(ALL);
    }

    static Optional<Key<?>> find(String name) {
        return all().stream().filter(key -> key.name().equals(name)).findFirst();
    }

    private static <T> Key<T> key(String name, Kind<T> kind, String defaultText, String description) {
        Key<T> key = new Key<>(name, kind, defaultText, description);
        ALL.add(key);
        return key;
    }
}
