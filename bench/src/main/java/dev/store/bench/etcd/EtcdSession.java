package dev.store.bench.etcd;

import com.google.protobuf.ByteString;
import dev.store.bench.load.Connections;
import dev.store.bench.load.Driver;
import dev.store.bench.load.FanOut;
import dev.store.bench.load.LoadSettings;
import dev.store.bench.load.Preload;
import dev.store.bench.load.WhileWatched;
import dev.store.bench.load.Workload;
import dev.store.bench.work.Job;
import dev.store.bench.work.Session;
import dev.store.bench.work.Work;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Load by etcd's protocol, whoever speaks it. */
public final class EtcdSession implements Session {
    private static final ByteString PROBE = ByteString.copyFromUtf8("probe");

    private final Connections connections;

    /** Load over these connections, which are closed with it. */
    public EtcdSession(Connections connections) {
        this.connections = connections;
    }

    @Override
    public Optional<Workload> workload(Job job, LoadSettings settings, Driver driver) {
        String name = job.work().label();
        EtcdKv keys = new EtcdKv(connections, settings);
        EtcdLeases leases = new EtcdLeases(connections);
        return Optional.of(
                switch (job.work()) {
                    case PUT -> Workload.of(name, keys.put());
                    case PUT_SEQUENTIAL -> Workload.of(name, new EtcdKv(connections, settings.inOrder()).put());
                    case GET, GET_AFTER_WRITES -> Workload.of(name, keys.get(false));
                    case GET_SERIALIZABLE, GET_SERIALIZABLE_AFTER_WRITES -> Workload.of(name, keys.get(true));
                    case RANGE -> Workload.of(name, keys.range());
                    case TXN -> Workload.of(name, keys.txn());
                    case WATCH, WATCH_DELAY ->
                        new FanOut(
                                new EtcdWatches(connections, settings.watchersPerStream()),
                                settings,
                                job.clients(),
                                driver.timings());
                    // A value that services watch, a stream each.
                    case CONFIG_PUSH ->
                        new FanOut(new EtcdWatches(connections, 1), settings, job.clients(), driver.timings());
                    case WATCH_CREATE -> EtcdWatches.cycles(name, connections, job.clients());
                    case PUT_IDLE_WATCHES ->
                        new WhileWatched(
                                Workload.of(name, keys.put()),
                                new FanOut(
                                        new EtcdWatches(connections, settings.watchersPerStream()),
                                        settings,
                                        job.clients(),
                                        driver.timings()));
                    case PUT_KEYS -> Workload.of(name, keys.put());
                    case READ_PAGES -> Workload.of(name, keys.pages());
                    case LOCK, LOCK_CONTENDED ->
                        new EtcdLocks(connections, job.clients(), job.work() == Work.LOCK_CONTENDED, driver.timings());
                    case REGISTER -> Workload.of(name, leases.register());
                    case KEEPALIVE -> new EtcdKeepAlives(connections, job.clients(), true);
                    case KEEPALIVE_STREAM -> new EtcdKeepAlives(connections, job.clients(), false);
                    case LEASE_GRANT -> Workload.of(name, leases.grant());
                    case EXPIRY, RECOVERY_POLLING, RECOVERY_BLOCKING, STARTUP, MEMORY, MEMORY_WATCHED ->
                        throw new IllegalArgumentException(name + " is no load");
                });
    }

    @Override
    public void preload(LoadSettings settings) {
        Preload.run(settings.keySpace(), new EtcdKv(connections, settings)::putAll);
    }

    @Override
    public CompletableFuture<?> put(int connection, Duration patience) {
        return connections.ask(
                connection,
                KVGrpc.getPutMethod(),
                PutRequest.newBuilder().setKey(PROBE).setValue(PROBE).build(),
                patience);
    }

    @Override
    public CompletableFuture<?> read(int connection, Duration patience) {
        return connections.ask(
                connection,
                KVGrpc.getRangeMethod(),
                RangeRequest.newBuilder().setKey(PROBE).setSerializable(true).build(),
                patience);
    }

    @Override
    public Optional<Lapse> lapse() {
        return Optional.of(new EtcdLapse(connections));
    }

    @Override
    public void close() {
        connections.close();
    }
}
