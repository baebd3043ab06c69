package dev.store.server;

import dev.store.api.Limits;
import dev.store.raft.Replica;
import dev.store.raft.ReplicaInfo;
import dev.store.raft.consensus.FatalHandler;
import dev.store.server.config.Endpoint;
import dev.store.server.config.ServerConfig;
import dev.store.server.configuration.ConfigFace;
import dev.store.server.discovery.DiscoveryFace;
import dev.store.server.edge.GrpcPort;
import dev.store.server.edge.Headers;
import dev.store.server.edge.NodeFigures;
import dev.store.server.edge.ReadPool;
import dev.store.server.edge.Reads;
import dev.store.server.etcd.EtcdFace;
import dev.store.server.gateway.HttpPort;
import dev.store.server.health.HealthMonitor;
import dev.store.server.locks.LockFace;
import dev.store.server.member.ClusterGuard;
import dev.store.server.member.GrpcMembers;
import dev.store.server.member.MemberService;
import dev.store.server.records.RecordFeed;
import dev.store.server.records.Records;
import dev.store.server.retention.AutoCompaction;
import dev.store.server.services.ClusterService;
import dev.store.server.services.KvService;
import dev.store.server.services.LeaseService;
import dev.store.server.services.MaintenanceService;
import dev.store.server.services.MemberSurvey;
import dev.store.server.services.RangeStreams;
import dev.store.server.services.SnapshotStreams;
import dev.store.server.watch.WatchLimits;
import dev.store.server.watch.WatchService;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running node: the replica, the gRPC port in front of it, and the jobs beside it. */
public final class StoreServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoreServer.class);

    private final ServerConfig config;
    private final NodeThreads threads;
    private final GrpcMembers members;
    private final Replica replica;
    private final RecordFeed records;
    private final Faces faces;
    private final ReadPool reads;
    private final HealthMonitor health;
    private final WatchService watch;
    private final EtcdFace etcd;
    private final Server port;
    private final @Nullable HttpPort http;

    private StoreServer(
            ServerConfig config,
            NodeThreads threads,
            GrpcMembers members,
            ClusterGuard guard,
            Replica replica,
            RecordFeed records,
            Faces faces)
            throws IOException {
        this.config = config;
        this.threads = threads;
        this.members = members;
        this.replica = replica;
        this.records = records;
        this.faces = faces;
        reads = new ReadPool(config.limits().readThreads(), config.limits().readQueue());
        watch = new WatchService(
                replica.watchHub(),
                config.limits().watchesPerStream(),
                config.limits().watchesPerMember(),
                threads.watches());
        Reads reading = new Reads(replica, reads, config.peer().readTimeout());
        SnapshotStreams snapshots = new SnapshotStreams(
                replica, new Headers(replica), config.node().data().resolve("exports"), reads.forStreams());
        etcd = new EtcdFace(
                replica,
                reading,
                snapshots,
                new WatchLimits(
                        config.limits().watchesPerStream(), config.limits().watchesPerMember()),
                threads.watches(),
                threads.timer());
        GrpcPort open = services(guard, reading, snapshots);
        etcd.serve(open);
        health = new HealthMonitor(replica, open.services());
        port = open.add(health.service())
                .add(ProtoReflectionServiceV1.newInstance())
                .start();
        http = config.http().listen().isPresent()
                ? openHttp(config.http().listen().get())
                : null;
        AutoCompaction compaction =
                new AutoCompaction(replica, config.history(), System::nanoTime, System::currentTimeMillis);
        threads.every(Duration.ofMillis(100), "health", health::check);
        threads.every(config.history().checkInterval(), "compaction", compaction::run);
        threads.every(Duration.ofSeconds(10), "connections", this::forgetGoneMembers);
    }

    /**
     * Starts a node; returns when its port is open, which is before a leader is known.
     *
     * @param fatal is told when the node must not go on
     * @throws IOException if the port cannot be opened
     */
    public static StoreServer start(ServerConfig config, FatalHandler fatal) throws IOException {
        NodeThreads threads = new NodeThreads();
        Faces faces = new Faces(new DiscoveryFace(threads.watches()), new ConfigFace(), new LockFace());
        RecordFeed records = new RecordFeed(faces.views(), failure -> fatal.fatal("a view in memory failed", failure));
        ReplicaStarter starter = new RatisStarter(fatal, threads.background(), records);
        ClusterGuard guard = new ClusterGuard(config.cluster().id());
        GrpcMembers members = new GrpcMembers(threads.eventLoops(), guard, config.peer());
        Replica replica = null;
        try {
            replica = starter.start(config, members);
            return new StoreServer(config, threads, members, guard, replica, records, faces);
        } catch (IOException | RuntimeException e) {
            if (replica != null) {
                replica.close();
            }
            records.close();
            faces.discovery().close();
            members.close();
            threads.close();
            throw e;
        }
    }

    /** The port that clients connect to. */
    public int clientPort() {
        return port.getPort();
    }

    /** The HTTP port; 0 if there is none. */
    public int httpPort() {
        return http == null ? 0 : http.port();
    }

    /** The replica behind the port. */
    public Replica replica() {
        return replica;
    }

    /**
     * Stops in an order that hurts nobody: tells balancers, hands leadership over, ends watches and calls, then leaves
     * the cluster's traffic and closes the storage.
     */
    @Override
    public void close() {
        long start = System.nanoTime();
        LOG.info("stopping: member={}", config.node().name());
        health.stop();
        replica.handOver();
        if (http != null) {
            http.close();
        }
        port.shutdown();
        replica.watchHub().close();
        watch.stop();
        etcd.stop();
        faces.stop();
        Duration patience = config.node().shutdownTimeout().dividedBy(3);
        try {
            if (!port.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.info(
                        "calls still under way are cut off: member={}",
                        config.node().name());
                port.shutdownNow();
                port.awaitTermination(1, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            port.shutdownNow();
        }
        threads.stopJobs();
        reads.close();
        records.close();
        faces.discovery().close();
        replica.close();
        members.close();
        threads.close();
        LOG.info(
                "stopped: member={} after={}ms",
                config.node().name(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    }

    private HttpPort openHttp(Endpoint listen) throws IOException {
        Endpoint own = config.client().listen();
        InetSocketAddress grpc = own.isWildcard()
                ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port.getPort())
                : new InetSocketAddress(own.host(), port.getPort());
        try {
            return HttpPort.start(
                    listen, grpc, threads.eventLoops(), () -> replica.info().ready());
        } catch (IOException | RuntimeException e) {
            port.shutdownNow();
            throw e;
        }
    }

    /** All services but those that speak of the others. */
    private GrpcPort services(ClusterGuard guard, Reads reading, SnapshotStreams snapshots) {
        Headers headers = new Headers(replica);
        long startedAt = System.nanoTime();
        NodeFigures figures = new NodeFigures(
                Version.current(),
                headers,
                replica.watchHub(),
                () -> TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startedAt));
        RangeStreams ranges = new RangeStreams(reading, headers, threads.timer(), Limits.STREAM_LIFE);
        MemberSurvey survey = new MemberSurvey(replica, members, figures);
        Records ways = new Records(replica, reading, records, config.peer().readTimeout());
        DiscoveryFace.Core core = new DiscoveryFace.Core(replica, members, ways, records, headers);
        GrpcPort open = new GrpcPort(
                config.client(), threads.eventLoops(), config.limits().requestBytes());
        faces.configuration().serve(open, replica, ways, reads, members, guard, threads.watches());
        return open.add(new KvService(replica, reading, headers, ranges))
                .add(watch)
                .add(new LeaseService(replica, reading, headers))
                .add(new ClusterService(replica, survey, headers))
                .add(new MaintenanceService(replica, reading, headers, figures, snapshots))
                .add(faces.discovery()
                        .open(
                                core,
                                config.checks(),
                                new DiscoveryFace.Threads(threads.eventLoops(), threads.timer(), threads::every)))
                .add(faces.locks().open(ways, replica, headers, threads.timer()))
                .addInternal(ServerInterceptors.intercept(
                        new MemberService(replica.localCalls(), figures::complete), guard));
    }

    private void forgetGoneMembers() {
        members.retain(replica.info().members().stream()
                .map(ReplicaInfo.MemberAddress::clientEndpoint)
                .collect(Collectors.toSet()));
    }
}
