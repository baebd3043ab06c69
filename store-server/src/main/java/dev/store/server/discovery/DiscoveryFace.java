package dev.store.server.discovery;

import dev.store.api.v1.DiscoveryGrpc;
import dev.store.raft.Members;
import dev.store.raft.NamedThreads;
import dev.store.raft.Replica;
import dev.store.server.config.ChecksConfig;
import dev.store.server.edge.EncodedMethods;
import dev.store.server.edge.Headers;
import dev.store.server.records.RecordFeed;
import dev.store.server.records.RecordView;
import dev.store.server.records.Records;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The face of services: the view is there before the replica, the calls and the jobs after it. */
public final class DiscoveryFace implements AutoCloseable {
    private static final int RESOLVER_THREADS = 2;
    private static final int RESOLVER_QUEUE = 1_000;

    private final ServiceWatches watches;
    private final ServiceView view;
    private final ThreadPoolExecutor resolver;

    /** @param executor runs the turns of watches */
    public DiscoveryFace(Executor executor) {
        watches = new ServiceWatches(executor);
        view = new ServiceView(watches);
        resolver = new ThreadPoolExecutor(
                RESOLVER_THREADS,
                RESOLVER_THREADS,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(RESOLVER_QUEUE),
                new NamedThreads("store-resolve"));
        resolver.allowCoreThreadTimeOut(true);
    }

    /** The view, to be fed. */
    public RecordView view() {
        return view;
    }

    /** The replica and what leads to it. */
    public record Core(Replica replica, Members others, Records records, RecordFeed feed, Headers headers) {}

    /** Starts a job that is done again and again. */
    public interface Jobs {
        void every(Duration interval, String name, Runnable job);
    }

    /** What it runs on. */
    public record Threads(EventLoopGroup eventLoops, ScheduledExecutorService timer, Jobs jobs) {}

    /** Builds the service, and starts the jobs of this member. */
    public BindableService open(Core core, ChecksConfig checks, Threads threads) {
        Registry registry = new Registry(core.records, view);
        Reaper reaper = new Reaper(core.replica, registry, System::nanoTime);
        threads.jobs.every(Duration.ofMillis(250), "instances", reaper::run);
        if (checks.enabled()) {
            Probes probes = new Probes(checks.allowed(), threads.eventLoops, resolver);
            ActiveChecks active = new ActiveChecks(core.replica, core.others, registry, probes, threads.timer);
            threads.jobs.every(Duration.ofSeconds(1), "checks", active::run);
        }
        DiscoveryService service = new DiscoveryService(
                registry, new Heartbeats(core.replica, registry, core.headers), core.headers, new CheckRules(checks));
        ServiceWatches.Sources sources = new ServiceWatches.Sources(view, core.records, core.feed::reached);
        return () -> bind(service, sources);
    }

    /** Replaces the methods whose answers are encoded before. */
    private ServerServiceDefinition bind(DiscoveryService service, ServiceWatches.Sources sources) {
        return new EncodedMethods(service.bindService())
                .with(DiscoveryGrpc.getResolveMethod(), ServerCalls.asyncUnaryCall(service::resolveEncoded))
                .with(
                        DiscoveryGrpc.getWatchServicesMethod(),
                        ServerCalls.asyncServerStreamingCall((request, call) -> watches.open(request, call, sources)))
                .bound();
    }

    /** Ends all watches, so that the port can close. */
    public void stop() {
        watches.stop();
    }

    @Override
    public void close() {
        resolver.shutdownNow();
    }
}
