package dev.store.bench.store;

import dev.store.api.v1.DeregisterRequest;
import dev.store.api.v1.DiscoveryGrpc;
import dev.store.api.v1.Instance;
import dev.store.api.v1.InstanceRef;
import dev.store.api.v1.KVGrpc;
import dev.store.api.v1.KeySelector;
import dev.store.api.v1.KeySpan;
import dev.store.api.v1.LeaseGrantRequest;
import dev.store.api.v1.LeaseGrpc;
import dev.store.api.v1.Port;
import dev.store.api.v1.Range;
import dev.store.api.v1.RangeRequest;
import dev.store.api.v1.RangeResponse;
import dev.store.api.v1.RegisterRequest;
import dev.store.api.v1.RegisterResponse;
import dev.store.bench.load.Connections;
import dev.store.bench.load.Data;
import dev.store.bench.load.LoadSettings;
import dev.store.bench.load.Operation;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;

/** Operations that are one or two unary calls. */
final class StoreCalls {
    private static final int PAGE = 10_000;
    private static final long PAGE_BYTES = 4 << 20;
    private static final long LONG_TTL_MILLIS = 3_600_000;
    private static final long REGISTRATION_TTL_MILLIS = 30_000;

    private final Connections connections;

    StoreCalls(Connections connections) {
        this.connections = connections;
    }

    /** Neighbouring keys, as many as the limit. */
    Operation range(LoadSettings settings) {
        Data data = new Data(settings);
        long starts = Math.max(1, settings.keySpace() - settings.limit());
        return (client, done) -> {
            long first = ThreadLocalRandom.current().nextLong(starts);
            connections.call(
                    client,
                    KVGrpc.getRangeMethod(),
                    RangeRequest.newBuilder()
                            .setRange(Range.newBuilder()
                                    .setKeys(KeySelector.newBuilder()
                                            .setSpan(KeySpan.newBuilder()
                                                    .setStart(data.key(first))
                                                    .setEnd(data.key(first + settings.limit()))))
                                    .setLimit(settings.limit()))
                            .build(),
                    done);
        };
    }

    /** The next page of all keys; after the last one the first again. For one client only. */
    Operation pages() {
        Range first = Range.newBuilder()
                .setKeys(KeySelector.newBuilder().setSpan(KeySpan.getDefaultInstance()))
                .setLimit(PAGE)
                .setMaxBytes(PAGE_BYTES)
                .build();
        AtomicReference<Range> next = new AtomicReference<>(first);
        return (client, done) -> connections.call(
                client,
                KVGrpc.getRangeMethod(),
                RangeRequest.newBuilder().setRange(next.get()).build(),
                (RangeResponse page) -> {
                    // Without a token it is the first page again.
                    next.set(first.toBuilder()
                            .setContinuation(page.getResult().getContinuation())
                            .build());
                    done.succeeded();
                },
                done);
    }

    Operation grant() {
        LeaseGrantRequest request =
                LeaseGrantRequest.newBuilder().setTtlMs(LONG_TTL_MILLIS).build();
        return (client, done) -> connections.call(client, LeaseGrpc.getGrantMethod(), request, done);
    }

    /** Registers the client as an instance that must beat, and deregisters it. */
    Operation register() {
        return (client, done) -> {
            String service = "cycle-" + client % 16;
            Instance instance = Instance.newBuilder()
                    .setService(service)
                    .setNode("host-" + client)
                    .setId(Integer.toString(client))
                    .setAddress("10.0." + client / 256 % 256 + "." + client % 256)
                    .addPorts(Port.newBuilder().setName("http").setNumber(8080))
                    .setVersion("1.0.0")
                    .setZone("zone-" + client % 3)
                    .setTtlMs(REGISTRATION_TTL_MILLIS)
                    .build();
            connections.call(
                    client,
                    DiscoveryGrpc.getRegisterMethod(),
                    RegisterRequest.newBuilder().setInstance(instance).build(),
                    (RegisterResponse answer) -> deregister(client, instance, done),
                    done);
        };
    }

    private void deregister(int client, Instance instance, Operation.Done done) {
        connections.call(
                client,
                DiscoveryGrpc.getDeregisterMethod(),
                DeregisterRequest.newBuilder()
                        .setRef(InstanceRef.newBuilder()
                                .setService(instance.getService())
                                .setNode(instance.getNode())
                                .setId(instance.getId()))
                        .build(),
                done);
    }
}
