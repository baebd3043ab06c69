package dev.store.api.discovery;

import dev.store.api.v1.Check;
import dev.store.api.v1.GrpcCheck;
import dev.store.api.v1.HttpCheck;
import dev.store.api.v1.Instance;
import dev.store.api.v1.Port;
import dev.store.api.v1.ReportedCheck;
import dev.store.api.v1.TcpCheck;
import java.time.Duration;
import java.util.Map;

/**
 * What an instance says of itself. Immutable: each method gives another one. Names are 1 to 128 characters of
 * A-Z a-z 0-9 . _ - : @; what is wrong is refused by the cluster with INVALID_ARGUMENT.
 *
 * <pre>{@code
 * Registration.of("payments", "host-1", "7").address("10.0.0.7").port("http", 8080).ttl(Duration.ofSeconds(15))
 * }</pre>
 */
public final class Registration {
    private static final Duration DEFAULT_TTL = Duration.ofSeconds(15);

    private final Instance instance;

    private Registration(Instance instance) {
        this.instance = instance;
    }

    /** An ephemeral instance with a time to live of 15 s. */
    public static Registration of(String service, String node, String id) {
        return new Registration(Instance.newBuilder()
                .setService(service)
                .setNode(node)
                .setId(id)
                .setTtlMs(DEFAULT_TTL.toMillis())
                .build());
    }

    Instance instance() {
        return instance;
    }

    private static Registration of(Instance.Builder changed) {
        return new Registration(changed.build());
    }

    /** Host name or IP address under which callers reach it. */
    public Registration address(String address) {
        return of(instance.toBuilder().setAddress(address));
    }

    /** One more port; the first is the one meant where callers name none. */
    public Registration port(String name, int number) {
        return port(name, number, "");
    }

    /** One more port with its protocol, such as {@code grpc}. */
    public Registration port(String name, int number, String protocol) {
        return of(instance.toBuilder()
                .addPorts(Port.newBuilder().setName(name).setNumber(number).setProtocol(protocol)));
    }

    public Registration version(String version) {
        return of(instance.toBuilder().setVersion(version));
    }

    public Registration zone(String zone) {
        return of(instance.toBuilder().setZone(zone));
    }

    public Registration region(String region) {
        return of(instance.toBuilder().setRegion(region));
    }

    /** Share of the load relative to others, 1 to 10,000; 100 if not set. */
    public Registration weight(int weight) {
        return of(instance.toBuilder().setWeight(weight));
    }

    public Registration tag(String tag) {
        return of(instance.toBuilder().addTags(tag));
    }

    public Registration metadata(String name, String value) {
        return of(instance.toBuilder().putMetadata(name, value));
    }

    public Registration metadata(Map<String, String> entries) {
        return of(instance.toBuilder().putAllMetadata(entries));
    }

    /** Critical after so long without heartbeat, 1 s to 1 day. The client sends three in that time. */
    public Registration ttl(Duration ttl) {
        return of(instance.toBuilder().setTtlMs(ttl.toMillis()));
    }

    /** Needs no heartbeats, and stays until it is deregistered. */
    public Registration persistent() {
        return of(instance.toBuilder().setTtlMs(0));
    }

    /** Removed after being critical for so long, 1 s to 30 days; zero for never. */
    public Registration deregisterAfter(Duration time) {
        return of(instance.toBuilder().setDeregisterAfterMs(time.toMillis()));
    }

    /** Gets no callers yet. */
    public Registration draining() {
        return of(instance.toBuilder().setDraining(true));
    }

    /** A check whose health its owner reports; critical until then. */
    public Registration reportedCheck(String name) {
        return of(instance.toBuilder()
                .addChecks(Check.newBuilder().setName(name).setReported(ReportedCheck.getDefaultInstance())));
    }

    /** Members ask by HTTP now and then; only where they are allowed to. */
    public Registration httpCheck(String name, String port, String path, Duration interval) {
        return check(
                name,
                interval,
                Check.newBuilder().setHttp(HttpCheck.newBuilder().setPort(port).setPath(path)));
    }

    /** Members connect now and then; only where they are allowed to. */
    public Registration tcpCheck(String name, String port, Duration interval) {
        return check(
                name, interval, Check.newBuilder().setTcp(TcpCheck.newBuilder().setPort(port)));
    }

    /** Members ask by gRPC's health protocol now and then; only where they are allowed to. */
    public Registration grpcCheck(String name, String port, Duration interval) {
        return check(
                name,
                interval,
                Check.newBuilder().setGrpc(GrpcCheck.newBuilder().setPort(port)));
    }

    private Registration check(String name, Duration interval, Check.Builder check) {
        return of(instance.toBuilder().addChecks(check.setName(name).setIntervalMs(interval.toMillis())));
    }
}
