package dev.store.bench.zookeeper;

import dev.store.bench.load.Driver;
import dev.store.bench.load.FanOut;
import dev.store.bench.load.LoadSettings;
import dev.store.bench.load.Operation;
import dev.store.bench.load.Workload;
import dev.store.bench.work.Job;
import dev.store.bench.work.Session;
import dev.store.bench.work.Work;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.AsyncCallback;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;

/** Load on ZooKeeper. */
public final class ZookeeperSession implements Session {
    private static final byte[] RECORD = new byte[200];

    private final List<String> endpoints;
    private final Handles handles;

    /** Opens so many sessions, spread over the nodes. */
    public ZookeeperSession(List<String> endpoints, int connections) {
        this.endpoints = List.copyOf(endpoints);
        this.handles = new Handles(endpoints, connections);
    }

    @Override
    public Optional<Workload> workload(Job job, LoadSettings settings, Driver driver) {
        handles.awaitConnected();
        String name = job.work().label();
        ZookeeperKv keys = new ZookeeperKv(handles, settings);
        return switch (job.work()) {
            case PUT, PUT_KEYS -> Optional.of(keys.put(name));
            case PUT_SEQUENTIAL -> Optional.of(new ZookeeperKv(handles, settings.inOrder()).put(name));
            case GET, GET_AFTER_WRITES -> Optional.of(Workload.of(name, keys.get(true)));
            case GET_SERIALIZABLE, GET_SERIALIZABLE_AFTER_WRITES -> Optional.of(Workload.of(name, keys.get(false)));
            case WATCH_CREATE -> Optional.of(Workload.of(name, new ZookeeperWatchCycles(handles)::cycle));
            // A node that is watched; what is in it, its watchers would have to ask for.
            case WATCH, WATCH_DELAY, CONFIG_PUSH -> watch(job, settings, driver);
            case LOCK, LOCK_CONTENDED ->
                Optional.of(new ZookeeperLocks(
                        handles, job.clients(), job.work() == Work.LOCK_CONTENDED, driver.timings()));
            case REGISTER -> Optional.of(Workload.of(name, this::register));
            // No ranges by order, no reads in a transaction, no leases apart from sessions.
            case RANGE, READ_PAGES, TXN, KEEPALIVE, KEEPALIVE_STREAM, LEASE_GRANT -> Optional.empty();
            // A watcher is a session of its own there, and a hundred thousand of those need as many connections.
            case PUT_IDLE_WATCHES -> Optional.empty();
            case EXPIRY, RECOVERY_POLLING, RECOVERY_BLOCKING, STARTUP, MEMORY, MEMORY_WATCHED ->
                throw new IllegalArgumentException(name + " is no load");
        };
    }

    private Optional<Workload> watch(Job job, LoadSettings settings, Driver driver) {
        if (job.count() > ZookeeperWatches.MOST) {
            return Optional.empty();
        }
        return Optional.of(new FanOut(
                new ZookeeperWatches(endpoints, handles, job.clients()), settings, job.clients(), driver.timings()));
    }

    /** An ephemeral node, made and deleted. */
    private void register(int client, Operation.Done done) {
        handles.of(client)
                .create(
                        "/instance-" + client,
                        RECORD,
                        ZooDefs.Ids.OPEN_ACL_UNSAFE,
                        CreateMode.EPHEMERAL,
                        (code, path, context, made) -> {
                            if (Answers.isOk(code)) {
                                handles.of(client)
                                        .delete(path, -1, (last, gone, same) -> Answers.tell(last, done), null);
                            } else {
                                done.failed(Answers.name(code));
                            }
                        },
                        null);
    }

    @Override
    public void preload(LoadSettings settings) {
        handles.awaitConnected();
        new ZookeeperKv(handles, settings).preload();
    }

    @Override
    public CompletableFuture<?> put(int connection, Duration patience) {
        Outcome outcome = new Outcome(patience);
        handles.of(connection)
                .create(
                        "/probe-",
                        RECORD,
                        ZooDefs.Ids.OPEN_ACL_UNSAFE,
                        CreateMode.PERSISTENT_SEQUENTIAL,
                        (code, path, context, name) -> Answers.tell(code, outcome),
                        null);
        return outcome.future;
    }

    @Override
    public CompletableFuture<?> read(int connection, Duration patience) {
        Outcome outcome = new Outcome(patience);
        AsyncCallback.DataCallback read = (code, path, context, bytes, stat) -> Answers.tell(code, outcome);
        handles.of(connection).getData("/", false, read, null);
        return outcome.future;
    }

    /** What lapses is a session, and ten thousand of those need ten thousand connections. */
    @Override
    public Optional<Lapse> lapse() {
        return Optional.empty();
    }

    @Override
    public void close() {
        handles.close();
    }

    private static final class Outcome implements Operation.Done {
        private final CompletableFuture<Boolean> future;

        Outcome(Duration patience) {
            future = new CompletableFuture<Boolean>().orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        public void succeeded() {
            future.complete(true);
        }

        @Override
        public void failed(String code) {
            future.completeExceptionally(new IllegalStateException(code));
        }
    }
}
