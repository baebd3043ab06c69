package dev.store.raft.consensus;

import com.google.protobuf.ByteString;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import dev.store.api.v1.LogFigures;
import dev.store.api.v1.Put;
import dev.store.api.v1.ReadConsistency;
import dev.store.api.v1.ReadOptions;
import dev.store.raft.MemberCalls;
import dev.store.raft.Members;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.raft.keyspace.KeyspaceView;
import dev.store.raft.keyspace.ScopedKey;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.CommandResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.ratis.util.ExitUtils;

/** Replicas in this process, over real sockets and files, whose links can be cut. */
final class Cluster implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final AtomicInteger NEXT_PORT = new AtomicInteger(10_000 * Integer.getInteger("test.fork", 1)
            + ThreadLocalRandom.current().nextInt(8_000));

    static {
        ExitUtils.disableSystemExit();
    }

    UUID groupId = UUID.randomUUID();
    boolean stored;
    final Path folder;
    final Map<String, PeerAddress> addresses = new ConcurrentHashMap<>();
    final Map<String, Node> nodes = new ConcurrentHashMap<>();
    UnaryOperator<ReplicaOptions> tuning = options -> options;
    private final Partition partition = new Partition();

    Cluster(Path folder) {
        this.folder = folder;
    }

    /** One running member, with what it was given. */
    record Node(RatisReplica replica, TestParts parts) {}

    /** Starts members that form a new cluster. */
    static Cluster start(Path folder, int size) {
        return start(folder, size, options -> options);
    }

    static Cluster start(Path folder, int size, UnaryOperator<ReplicaOptions> tuning) {
        Cluster cluster = new Cluster(folder);
        cluster.tuning = tuning;
        return cluster.start(size);
    }

    /** Options with which a few dozen puts make a snapshot and purge the log. */
    static ReplicaOptions tiny(ReplicaOptions options) {
        return new ReplicaOptions(
                options.self(),
                options.groupId(),
                options.initialMembers(),
                options.place(),
                options.timings(),
                new ReplicaOptions.Storage(16 << 10, 32 << 10, Duration.ofHours(1), 0),
                options.batching());
    }

    Cluster start(int size) {
        Cluster cluster = this;
        List<PeerAddress> members = new ArrayList<>();
        for (int i = 1; i <= size; i++) {
            members.add(cluster.address("n" + i));
        }
        members.forEach(member -> cluster.start(member, members));
        return cluster;
    }

    PeerAddress address(String name) {
        return addresses.computeIfAbsent(
                name, n -> new PeerAddress(n, "127.0.0.1:" + freePort(), "client-of-" + n + ":1"));
    }

    Node start(PeerAddress self, List<PeerAddress> initial) {
        ReplicaOptions options = tuning.apply(new ReplicaOptions(
                self,
                groupId,
                initial,
                new ReplicaOptions.Place(folder.resolve(self.name()), self.raftEndpoint()),
                new ReplicaOptions.Timings(Duration.ofMillis(500), Duration.ofMillis(1_000), Duration.ofSeconds(5)),
                ReplicaOptions.Storage.DEFAULT,
                ReplicaOptions.Batching.DEFAULT));
        TestParts parts = new TestParts(new Links(self.name()), stored);
        Node node = new Node(RatisReplica.open(options, parts.parts()), parts);
        nodes.put(self.name(), node);
        return node;
    }

    /** Starts a member again on its folder. */
    Node restart(String name) {
        return start(address(name), List.of());
    }

    void stop(String name) {
        Node node = nodes.remove(name);
        if (node != null) {
            node.replica().close();
        }
    }

    Partition partition() {
        return partition;
    }

    Node node(String name) {
        Node node = nodes.get(name);
        if (node == null) {
            throw new IllegalArgumentException(name + " does not run");
        }
        return node;
    }

    RatisReplica replica(String name) {
        return node(name).replica();
    }

    /** The name of the member that leads now, as it says itself. */
    String leader() {
        String[] found = new String[1];
        await("a leader", () -> {
            nodes.forEach((name, node) -> {
                if (name.equals(node.replica().info().leader())) {
                    found[0] = name;
                }
            });
            return found[0] != null;
        });
        return found[0];
    }

    String follower() {
        String leader = leader();
        return nodes.keySet().stream()
                .sorted()
                .filter(name -> !name.equals(leader))
                .findFirst()
                .orElseThrow();
    }

    static Command put(String key, String value) {
        return Command.newBuilder()
                .setPut(Put.newBuilder().setKey(ByteString.copyFromUtf8(key)).setValue(ByteString.copyFromUtf8(value)))
                .build();
    }

    CommandResult put(String member, String key, String value) {
        return get(replica(member).propose(put(key, value)));
    }

    /** Has leadership handed to a voter, or any other if the name is empty; asked again where a busy machine is late. */
    String transferLeadership(String member, String name) {
        return surely("a transfer of leadership", () -> get(replica(member).transferLeadership(name)));
    }

    /** Puts again and again until the outcome is known. */
    void putSurely(String member, String key, String value) {
        surely("a put", () -> put(member, key, value));
    }

    private static <T> T surely(String what, Supplier<T> call) {
        List<T> answer = new ArrayList<>(1);
        await(what, () -> {
            try {
                answer.add(call.get());
                return true;
            } catch (StoreException e) {
                if (!e.code().retryable()) {
                    throw e;
                }
                return false;
            }
        });
        return answer.get(0);
    }

    /** Puts until a member has taken a snapshot past an index and dropped the log before it. */
    void putUntilPurged(String member, long index) {
        long deadline = System.nanoTime() + 2 * PATIENCE.toNanos();
        String value = "x".repeat(2_000);
        for (int i = 0; log(member).getFirstIndex() <= index; i++) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("log not purged: " + log(member));
            }
            put(member, "filler" + i % 10, value);
        }
    }

    LogFigures log(String member) {
        return get(replica(member).localCalls().status()).getLog();
    }

    String read(String member, String key) {
        return read(member, key, ReadOptions.getDefaultInstance());
    }

    String readLocal(String member, String key) {
        return read(
                member,
                key,
                ReadOptions.newBuilder()
                        .setConsistency(ReadConsistency.READ_CONSISTENCY_SERIALIZABLE)
                        .build());
    }

    String read(String member, String key, ReadOptions options) {
        try (KeyspaceView view = get(replica(member).read(options, Duration.ofSeconds(5)))) {
            return view.get(ScopedKey.of("", ByteString.copyFromUtf8(key)), 0)
                    .map(KeyRecord::value)
                    .map(ByteString::toStringUtf8)
                    .orElse("");
        }
    }

    static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw GrpcErrors.fromGrpc(e);
        } catch (TimeoutException | InterruptedException e) {
            throw new AssertionError("no answer within " + PATIENCE, e);
        }
    }

    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited " + PATIENCE + " for " + what);
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    /**
     * A free port, never given out before. It lies below the range from which the kernel takes ports of outgoing
     * connections, and in this JVM's part of it, so that a member that is started again finds its port free.
     */
    static int freePort() {
        while (true) {
            try (ServerSocket socket = new ServerSocket(NEXT_PORT.getAndIncrement(), 1, LOOPBACK)) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // Somebody else listens there; the next one, then.
            }
        }
    }

    @Override
    public void close() {
        partition.heal();
        nodes.values().parallelStream().forEach(node -> node.replica().close());
    }

    /** Calls between members go straight to the other replica, unless the link is cut. */
    private final class Links implements Members {
        private final String from;

        Links(String from) {
            this.from = from;
        }

        @Override
        public MemberCalls at(String clientEndpoint) {
            String to = clientEndpoint.substring("client-of-".length(), clientEndpoint.indexOf(':'));
            Node node = nodes.get(to);
            if (node == null || partition.cut(from, to)) {
                return Unreachable.member(
                        new StoreException(ErrorCode.UNREACHABLE, "member \"" + to + "\" cannot be reached"));
            }
            return node.replica().localCalls();
        }
    }
}
