package dev.store.bench.store;

import com.google.protobuf.ByteString;
import dev.store.api.v1.GetRequest;
import dev.store.api.v1.KVGrpc;
import dev.store.api.v1.Put;
import dev.store.api.v1.PutRequest;
import dev.store.api.v1.ReadConsistency;
import dev.store.api.v1.ReadOptions;
import dev.store.bench.load.Connections;
import dev.store.bench.load.Data;
import dev.store.bench.load.Driver;
import dev.store.bench.load.FanOut;
import dev.store.bench.load.LoadSettings;
import dev.store.bench.load.Preload;
import dev.store.bench.load.WhileWatched;
import dev.store.bench.load.Workload;
import dev.store.bench.load.Workloads;
import dev.store.bench.work.Job;
import dev.store.bench.work.Session;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Load by Store's own API. */
public final class StoreSession implements Session {
    private static final ByteString PROBE = ByteString.copyFromUtf8("probe");
    private static final ReadOptions SERIALIZABLE = ReadOptions.newBuilder()
            .setConsistency(ReadConsistency.READ_CONSISTENCY_SERIALIZABLE)
            .build();

    private final Connections connections;

    /** Load over these connections, which are closed with it. */
    public StoreSession(Connections connections) {
        this.connections = connections;
    }

    @Override
    public Optional<Workload> workload(Job job, LoadSettings settings, Driver driver) {
        String name = job.work().label();
        StoreCalls calls = new StoreCalls(connections);
        return switch (job.work()) {
            case PUT -> named("put", job, settings, driver);
            case PUT_SEQUENTIAL -> named("put", job, settings.inOrder(), driver);
            case GET, GET_AFTER_WRITES -> named("get", job, settings, driver);
            case GET_SERIALIZABLE, GET_SERIALIZABLE_AFTER_WRITES -> named("get-serializable", job, settings, driver);
            case TXN -> named("txn", job, settings, driver);
            case LOCK -> named("lock", job, settings, driver);
            case LOCK_CONTENDED -> named("lock-contended", job, settings, driver);
            case KEEPALIVE_STREAM -> named("lease-keepalive", job, settings, driver);
            case RANGE -> Optional.of(Workload.of(name, calls.range(settings)));
            case REGISTER -> Optional.of(Workload.of(name, calls.register()));
            case LEASE_GRANT -> Optional.of(Workload.of(name, calls.grant()));
            case WATCH, WATCH_DELAY ->
                Optional.of(new FanOut(
                        new StoreWatches(connections, settings.watchersPerStream()),
                        settings,
                        job.clients(),
                        driver.timings()));
            case CONFIG_PUSH ->
                Optional.of(new FanOut(new StoreConfigs(connections), settings, job.clients(), driver.timings()));
            case WATCH_CREATE -> Optional.of(StoreWatches.cycles(name, connections, job.clients()));
            case PUT_IDLE_WATCHES ->
                Optional.of(new WhileWatched(
                        Workloads.named("put", connections, settings, job.clients(), driver),
                        new FanOut(
                                new StoreWatches(connections, settings.watchersPerStream()),
                                settings,
                                job.clients(),
                                driver.timings())));
            case PUT_KEYS -> named("put", job, settings, driver);
            case READ_PAGES -> Optional.of(Workload.of(name, calls.pages()));
            // Store's clients keep leases alive on streams.
            case KEEPALIVE -> Optional.empty();
            case EXPIRY, RECOVERY_POLLING, RECOVERY_BLOCKING, STARTUP, MEMORY, MEMORY_WATCHED ->
                throw new IllegalArgumentException(name + " is no load");
        };
    }

    private Optional<Workload> named(String name, Job job, LoadSettings settings, Driver driver) {
        return Optional.of(Workloads.named(name, connections, settings, job.clients(), driver));
    }

    @Override
    public void preload(LoadSettings settings) {
        Preload.run(connections, new Data(settings), settings.keySpace());
    }

    @Override
    public CompletableFuture<?> put(int connection, Duration patience) {
        return connections.ask(
                connection,
                KVGrpc.getPutMethod(),
                PutRequest.newBuilder()
                        .setPut(Put.newBuilder().setKey(PROBE).setValue(PROBE))
                        .build(),
                patience);
    }

    @Override
    public CompletableFuture<?> read(int connection, Duration patience) {
        return connections.ask(
                connection,
                KVGrpc.getGetMethod(),
                GetRequest.newBuilder().setKey(PROBE).setRead(SERIALIZABLE).build(),
                patience);
    }

    /** The members do the same as when they are asked by etcd's protocol. */
    @Override
    public Optional<Lapse> lapse() {
        return Optional.empty();
    }

    @Override
    public void close() {
        connections.close();
    }
}
