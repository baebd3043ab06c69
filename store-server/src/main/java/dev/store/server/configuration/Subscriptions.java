package dev.store.server.configuration;

import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.ConfigReceipt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The subscribers of this member by what they follow. The thread of the feed only hands over; what each subscriber makes of
 * it happens on threads of its own.
 */
final class Subscriptions implements ConfigView.Listener {
    private final Map<EntryName, Set<Subscriber>> byEntry = new ConcurrentHashMap<>();
    /** Key: namespace and group, with an empty name; for a whole namespace with an empty group too. */
    private final Map<EntryName, Set<Subscriber>> byGroup = new ConcurrentHashMap<>();

    private final Set<Subscriber> all = ConcurrentHashMap.newKeySet();
    private final int most;

    Subscriptions() {
        this(Limits.CONFIG_SUBSCRIPTIONS_PER_MEMBER);
    }

    Subscriptions(int most) {
        this.most = most;
    }

    /** Takes a subscriber in; OVERLOADED if there are too many. */
    void add(Subscriber subscriber) {
        if (all.size() >= most) {
            throw new StoreException(
                    ErrorCode.OVERLOADED, "subscriptions: " + most + " (expected: fewer on this member)");
        }
        all.add(subscriber);
        subscriber.entries().forEach(name -> join(byEntry, name, subscriber));
        subscriber.groups().forEach(name -> join(byGroup, name, subscriber));
    }

    void remove(Subscriber subscriber) {
        all.remove(subscriber);
        subscriber.entries().forEach(name -> leave(byEntry, name, subscriber));
        subscriber.groups().forEach(name -> leave(byGroup, name, subscriber));
    }

    private static void join(Map<EntryName, Set<Subscriber>> index, EntryName name, Subscriber subscriber) {
        index.compute(name, (key, present) -> {
            Set<Subscriber> set = present == null ? ConcurrentHashMap.newKeySet() : present;
            set.add(subscriber);
            return set;
        });
    }

    private static void leave(Map<EntryName, Set<Subscriber>> index, EntryName name, Subscriber subscriber) {
        index.computeIfPresent(name, (key, present) -> {
            present.remove(subscriber);
            return present.isEmpty() ? null : present;
        });
    }

    @Override
    public void changed(long revision, List<EntryState> states) {
        if (all.isEmpty()) {
            return;
        }
        if (states.size() == 1) {
            // The usual case: one list for all.
            followers(states.get(0).name()).forEach(subscriber -> subscriber.offer(revision, states));
            return;
        }
        Map<Subscriber, List<EntryState>> wanted = new HashMap<>();
        for (EntryState state : states) {
            followers(state.name()).forEach(subscriber -> wanted.computeIfAbsent(subscriber, key -> new ArrayList<>())
                    .add(state));
        }
        wanted.forEach((subscriber, some) -> subscriber.offer(revision, some));
    }

    @Override
    public void reloaded(long revision) {
        all.forEach(Subscriber::jumped);
    }

    private Set<Subscriber> followers(EntryName name) {
        Set<Subscriber> entry = byEntry.getOrDefault(name, Set.of());
        Set<Subscriber> group = byGroup.getOrDefault(name.wholeGroup(), Set.of());
        Set<Subscriber> namespace = byGroup.getOrDefault(new EntryName(name.namespace(), "", ""), Set.of());
        if (group.isEmpty() && namespace.isEmpty()) {
            return entry;
        }
        Set<Subscriber> union = new HashSet<>(entry);
        union.addAll(group);
        union.addAll(namespace);
        return union;
    }

    /** What the subscribers of an entry are known to run. */
    List<ConfigReceipt> receipts(EntryName name, @Nullable EntryState state, String member) {
        List<ConfigReceipt> receipts = new ArrayList<>();
        for (Subscriber subscriber : followers(name)) {
            if (!subscriber.instance().id().isEmpty()) {
                EntryVersion meant = state == null ? null : state.meantFor(subscriber.instance());
                receipts.add(subscriber.receipt(name).toBuilder()
                        .setMember(member)
                        .setMeantVersion(meant == null || meant.deleted() ? 0 : meant.number())
                        .build());
            }
        }
        return receipts;
    }

    int size() {
        return all.size();
    }

    /** The node stops: ends all streams. */
    void stop() {
        all.forEach(Subscriber::stop);
    }
}
