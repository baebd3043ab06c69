package dev.store.server.configuration;

import dev.store.api.Limits;
import dev.store.api.v1.ConfigAck;
import dev.store.api.v1.ConfigInstance;
import dev.store.api.v1.ConfigKnown;
import dev.store.api.v1.ConfigReceipt;
import dev.store.api.v1.ConfigSubscription;
import dev.store.raft.keyspace.Requests;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One subscription: who it is, what it follows, what waits for it, and what it is known to run. Thread-safe. */
final class Subscriber {
    /** Changes of one revision that this subscriber follows. */
    record Batch(long revision, List<EntryState> states) {}

    private record Running(long version, long atMs, String failure) {}

    private final String namespace;
    private final ConfigInstance said;
    private final Instance instance;
    private final Set<EntryName> entries = new HashSet<>();
    private final Set<EntryName> groups = new HashSet<>();
    private final boolean withJson;
    private final Runnable onWork;
    private final Runnable onStop;

    private final ArrayDeque<Batch> waiting = new ArrayDeque<>();
    private boolean lagged;

    private final Map<EntryName, Long> sent = new ConcurrentHashMap<>();
    private final Map<EntryName, Running> running = new ConcurrentHashMap<>();
    private final Map<EntryName, Long> known = new HashMap<>();

    /**
     * Makes a subscriber; it gets nothing before it was added to the {@link Subscriptions}.
     *
     * @param subscription what it wants; it was checked
     * @param address where its connection comes from
     * @param onWork is run when something waits for it, on the thread of the feed
     * @param onStop is run when the node stops
     */
    Subscriber(ConfigSubscription subscription, String address, Runnable onWork, Runnable onStop) {
        this.namespace = Requests.namespace(subscription.getNamespace());
        this.instance = Instance.of(subscription.getInstance(), address);
        this.said = subscription.getInstance().getAddress().isEmpty()
                ? subscription.getInstance().toBuilder().setAddress(address).build()
                : subscription.getInstance();
        this.withJson = subscription.getWithJson();
        this.onWork = onWork;
        this.onStop = onStop;
        subscription.getEntriesList().forEach(key -> entries.add(EntryName.of(namespace, key)));
        subscription.getGroupsList().forEach(group -> groups.add(new EntryName(namespace, group, "")));
        if (entries.isEmpty() && groups.isEmpty()) {
            groups.add(new EntryName(namespace, "", ""));
        }
        for (ConfigKnown version : subscription.getKnownList()) {
            known.put(EntryName.of(namespace, version.getKey()), version.getVersion());
        }
    }

    Instance instance() {
        return instance;
    }

    String namespace() {
        return namespace;
    }

    Set<EntryName> entries() {
        return entries;
    }

    Set<EntryName> groups() {
        return groups;
    }

    boolean withJson() {
        return withJson;
    }

    /** The states of everything that it follows, as the view shows them. */
    List<EntryState> present(ConfigView view) {
        List<EntryState> states = new ArrayList<>();
        for (EntryName group : groups) {
            for (EntryState state : view.entriesAfter(group, true).values()) {
                boolean same = state.name().namespace().equals(group.namespace())
                        && (group.group().isEmpty() || state.name().group().equals(group.group()));
                if (!same) {
                    break;
                }
                states.add(state);
            }
        }
        for (EntryName name : entries) {
            EntryState state = view.entry(name);
            boolean inGroup = groups.contains(name.wholeGroup());
            if (state != null && !inGroup) {
                states.add(state);
            }
        }
        return states;
    }

    /** Whether it has versions, from another member, that the view does not show to have ever been. */
    boolean isAheadOf(ConfigView view) {
        for (Map.Entry<EntryName, Long> version : known.entrySet()) {
            EntryState state = view.entry(version.getKey());
            if (state == null || state.record().getNewestVersion() < version.getValue()) {
                return true;
            }
        }
        return false;
    }

    /** The version that was last sent, or that it said at the begin that it has; null if none. */
    @Nullable
    Long has(EntryName name) {
        Long version = sent.get(name);
        return version != null ? version : known.get(name);
    }

    void sent(EntryName name, long version) {
        sent.put(name, version);
    }

    void offer(long revision, List<EntryState> states) {
        synchronized (waiting) {
            if (!lagged) {
                waiting.add(new Batch(revision, states));
                if (waiting.size() > Limits.CONFIG_SUBSCRIBER_QUEUE) {
                    waiting.clear();
                    lagged = true;
                }
            }
        }
        onWork.run();
    }

    /** The state of the member jumped: what was missed is not known. */
    void jumped() {
        synchronized (waiting) {
            waiting.clear();
            lagged = true;
        }
        onWork.run();
    }

    /** The next changes; null if none wait. */
    @Nullable
    Batch next() {
        synchronized (waiting) {
            return waiting.poll();
        }
    }

    /** Whether changes were dropped since this was last asked. */
    boolean takeLagged() {
        synchronized (waiting) {
            boolean was = lagged;
            lagged = false;
            return was;
        }
    }

    void acknowledged(ConfigAck ack, long atMs) {
        EntryName name = EntryName.of(namespace, ack.getKey());
        Running before = running.get(name);
        running.put(
                name,
                ack.getFailure().isEmpty()
                        ? new Running(ack.getVersion(), atMs, "")
                        : new Running(before == null ? 0 : before.version, atMs, ack.getFailure()));
    }

    ConfigReceipt receipt(EntryName name) {
        ConfigReceipt.Builder receipt = ConfigReceipt.newBuilder().setInstance(said);
        Long version = has(name);
        if (version != null) {
            receipt.setSentVersion(version);
        }
        Running run = running.get(name);
        if (run != null) {
            receipt.setRunningVersion(run.version).setAcknowledgedAtMs(run.atMs).setFailure(run.failure);
        }
        return receipt.build();
    }

    void stop() {
        onStop.run();
    }
}
