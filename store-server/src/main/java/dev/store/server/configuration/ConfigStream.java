package dev.store.server.configuration;

import dev.store.api.error.GrpcErrors;
import dev.store.api.v1.ConfigAck;
import dev.store.api.v1.ConfigChange;
import dev.store.api.v1.ConfigChangeKind;
import dev.store.api.v1.ConfigEntry;
import dev.store.api.v1.ConfigSubscribeRequest;
import dev.store.api.v1.ConfigSubscribeResponse;
import dev.store.api.v1.ConfigSubscription;
import dev.store.server.edge.RequestStream;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One stream of a subscriber. What does not get written stays in the {@link Subscriber}, which bounds it. */
final class ConfigStream extends RequestStream<ConfigSubscribeRequest, ConfigSubscribeResponse> {
    private static final int MESSAGE_BYTES = 1 << 20;
    private static final int MESSAGES_PER_TURN = 64;

    private final SubscriberParts parts;
    private final String address;

    private volatile @Nullable CompletableFuture<?> awaited;

    // Only touched by the pump.
    private @Nullable Subscriber subscriber;
    private boolean starting;
    private boolean marked;
    private long reached;
    private DeliveryPlan.Occasion occasion = DeliveryPlan.Occasion.BEGIN;
    private Iterator<EntryState> states = List.<EntryState>of().iterator();
    /** Versions of one entry that are to be sent next, in order. */
    private final ArrayDeque<ConfigChange> ready = new ArrayDeque<>();

    ConfigStream(
            ServerCallStreamObserver<ConfigSubscribeResponse> call,
            SubscriberParts parts,
            String address,
            Executor executor) {
        super(call, executor);
        this.parts = parts;
        this.address = address;
    }

    @Override
    protected void work() {
        takeRequests();
        write();
        finishIfDone();
    }

    @Override
    protected void release() {
        if (subscriber != null) {
            parts.subscriptions().remove(subscriber);
        }
        ready.clear();
    }

    private void takeRequests() {
        ConfigSubscribeRequest request;
        while ((request = nextRequest()) != null) {
            switch (request.getRequestCase()) {
                case START -> begin(request.getStart());
                case ACK -> acknowledged(request.getAck());
                case REQUEST_NOT_SET -> throw ConfigRequests.invalid("request", "not set", "one of start, ack");
            }
            call().request(1);
        }
    }

    private void acknowledged(ConfigAck ack) {
        Subscriber running = subscriber;
        if (running == null) {
            throw ConfigRequests.invalid("request", "ack", "start first");
        }
        ConfigRequests.entry(running.namespace(), ack.getKey());
        ConfigRequests.text("ack.failure", ack.getFailure());
        Long sent = running.has(EntryName.of(running.namespace(), ack.getKey()));
        if (sent == null || ack.getVersion() <= 0) {
            throw ConfigRequests.invalid(
                    "ack",
                    ack.getKey().getGroup() + "/" + ack.getKey().getName() + " version " + ack.getVersion(),
                    "a version that was sent");
        }
        running.acknowledged(ack, parts.clock().getAsLong());
    }

    private void begin(ConfigSubscription subscription) {
        if (starting) {
            throw ConfigRequests.invalid("request", "start", "start once");
        }
        starting = true;
        ConfigRequests.subscription(subscription);
        Subscriber made = new Subscriber(subscription, address, this::wake, this::stop);
        CompletableFuture<Long> fresh = parts.fresh(subscription.getAtLeastRevision());
        await(fresh, () -> {
            if (made.isAheadOf(parts.view())) {
                // Another member was further than this one, or what it knew is gone: a majority knows which of them.
                CompletableFuture<Long> newest = parts.newest();
                await(newest, () -> begin(made, newest.join()));
            } else {
                begin(made, fresh.join());
            }
        });
    }

    private void begin(Subscriber made, long shown) {
        parts.view().whileStill(revision -> {
            // What changes from here on is offered; what is there now is sent first.
            parts.subscriptions().add(made);
            subscriber = made;
            reached = Math.max(revision, shown);
            states = made.present(parts.view()).iterator();
        });
    }

    /** Goes on with the action in the pump when something has come. */
    private void await(CompletableFuture<?> future, Runnable then) {
        awaited = future;
        afterwards = then;
        var unused = future.whenComplete((done, failure) -> wake());
    }

    private @Nullable Runnable afterwards;

    /** Whether something is waited for that has not come. */
    private boolean waits() {
        CompletableFuture<?> future = awaited;
        if (future == null) {
            return false;
        }
        if (!future.isDone()) {
            return true;
        }
        Runnable then = Objects.requireNonNull(afterwards);
        awaited = null;
        afterwards = null;
        try {
            future.join();
        } catch (java.util.concurrent.CompletionException e) {
            throw GrpcErrors.fromGrpc(e);
        }
        then.run();
        // What comes now may wait again.
        return waits();
    }

    private void write() {
        int messages = 0;
        while (isWritable() && !waits() && subscriber != null) {
            if (messages++ == MESSAGES_PER_TURN) {
                wake();
                return;
            }
            ConfigSubscribeResponse message = nextMessage(subscriber);
            if (message == null) {
                return;
            }
            call().onNext(message);
        }
    }

    private @Nullable ConfigSubscribeResponse nextMessage(Subscriber running) {
        ConfigSubscribeResponse.Builder message = ConfigSubscribeResponse.newBuilder();
        int bytes = 0;
        while (true) {
            while (bytes < MESSAGE_BYTES && !ready.isEmpty()) {
                ConfigChange change = ready.remove();
                bytes += change.getSerializedSize();
                message.addChanges(change);
            }
            if (bytes >= MESSAGE_BYTES) {
                break;
            }
            if (awaited != null && waits()) {
                break;
            }
            if (!ready.isEmpty()) {
                continue;
            }
            if (states.hasNext()) {
                plan(running, states.next());
            } else if (occasion == DeliveryPlan.Occasion.BEGIN && !marked) {
                marked = true;
                message.setInStep(true);
                break;
            } else if (message.getChangesCount() > 0 || !nextStates(running)) {
                // Changes of another revision go into another message.
                break;
            }
        }
        if (message.getChangesCount() == 0 && !message.getInStep()) {
            return null;
        }
        return message.setHeader(parts.headers().at(reached)).build();
    }

    private boolean nextStates(Subscriber running) {
        if (running.takeLagged()) {
            occasion = DeliveryPlan.Occasion.LAGGED;
            parts.view().whileStill(revision -> {
                // What was offered meanwhile is in the present state already; sent again it is seen to be known.
                reached = Math.max(reached, revision);
                states = running.present(parts.view()).iterator();
            });
            return true;
        }
        Subscriber.Batch batch = running.next();
        if (batch == null) {
            return false;
        }
        // After a lag, an older state may still wait that the present state has overtaken.
        occasion = DeliveryPlan.Occasion.CHANGED;
        boolean overtaken = batch.revision() <= reached;
        reached = Math.max(reached, batch.revision());
        states = overtaken ? List.<EntryState>of().iterator() : batch.states().iterator();
        return true;
    }

    private void plan(Subscriber running, EntryState state) {
        DeliveryPlan plan = DeliveryPlan.of(state, running.instance(), running.has(state.name()), occasion);
        if (plan.nothing()) {
            return;
        }
        ConfigChangeKind kind = Objects.requireNonNull(plan.kind());
        running.sent(state.name(), plan.number());
        EntryVersion version = plan.version();
        if (version == null) {
            ready.add(ConfigChange.newBuilder()
                    .setKind(kind)
                    .setEntry(ConfigEntry.newBuilder()
                            .setKey(state.name().toKey())
                            .setDeleted(true))
                    .build());
            return;
        }
        if (plan.from() == 0 && (version.held() || version.entry().getSizeBytes() == 0)) {
            ready.add(change(running, version.entry(), kind));
            return;
        }
        CompletableFuture<SubscriberParts.History> history = parts.history(state.name(), plan, reached);
        await(history, () -> {
            SubscriberParts.History found = history.join();
            ConfigChangeKind why = found.gap() ? ConfigChangeKind.CONFIG_CHANGE_KIND_GAP : kind;
            found.entries().forEach(entry -> ready.add(change(running, entry, why)));
            if (found.entries().isEmpty()) {
                // Overtaken by so many versions that it is gone: begin anew with the present state.
                running.jumped();
            }
        });
    }

    private ConfigChange change(Subscriber running, ConfigEntry entry, ConfigChangeKind kind) {
        ConfigEntry shape = running.withJson() ? EntryVersion.withJson(entry) : entry;
        return ConfigChange.newBuilder().setEntry(shape).setKind(kind).build();
    }
}
