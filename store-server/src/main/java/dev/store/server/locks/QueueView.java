package dev.store.server.locks;

import com.google.protobuf.ByteString;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.raft.keyspace.RecordKey;
import dev.store.raft.keyspace.RecordKind;
import dev.store.server.records.RecordChange;
import dev.store.server.records.RecordView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The queues of all locks, as far as this member has applied them: knows whom of those who wait here a change has served,
 * and wakes exactly these.
 *
 * <p>What it says may be overtaken by what other members have applied. Whoever is woken must ask the keyspace whether the
 * entry still holds.
 */
final class QueueView implements RecordView {
    /** What became of an entry that is waited for. */
    enum Turn {
        /** It holds. */
        HOLDS,
        /** It is not there (any more). */
        GONE
    }

    /** Follows the one that has held a lock longest. */
    interface Observer {
        /** Called in order; must not block. */
        void onHolder(long revision, @Nullable Entry holder);
    }

    /** Someone who waits for the turn of an entry. */
    private record Waiting(LockId lock, long token, CompletableFuture<Turn> turn) {}

    private final Object monitor = new Object();
    private TreeMap<LockId, Queue> queues = new TreeMap<>();
    private TreeMap<LockId, Queue> loading = new TreeMap<>();
    private final Map<LockId, TreeMap<Long, List<Waiting>>> waiting = new HashMap<>();
    private final Map<LockId, Set<Observer>> observers = new HashMap<>();
    private final Map<LockId, @Nullable Entry> told = new HashMap<>();
    /** Revision of the newest change of a lock that is shown here; -1 before the first load. */
    private long revision = -1;

    @Override
    public Set<RecordKind> kinds() {
        return Set.of(RecordKind.LOCK_WAITER);
    }

    @Override
    public void loading() {
        loading = new TreeMap<>();
    }

    @Override
    public void load(String namespace, RecordKind kind, ByteString key, KeyRecord present) {
        loading.computeIfAbsent(id(namespace, key), id -> new Queue()).load(Entry.of(key, present));
    }

    @Override
    public void loaded(long atRevision) {
        List<Runnable> woken = new ArrayList<>();
        synchronized (monitor) {
            loading.values().forEach(Queue::loaded);
            queues = loading;
            loading = new TreeMap<>();
            revision = atRevision;
            new ArrayList<>(waiting.keySet()).forEach(id -> wake(id, woken));
            new ArrayList<>(observers.keySet()).forEach(id -> tell(id, woken));
        }
        woken.forEach(Runnable::run);
    }

    @Override
    public void apply(long atRevision, List<RecordChange> changes) {
        List<Runnable> woken = new ArrayList<>();
        synchronized (monitor) {
            Set<LockId> touched = new LinkedHashSet<>();
            for (RecordChange change : changes) {
                LockId id = id(change.namespace(), change.key());
                KeyRecord current = change.current();
                Queue queue = queues.computeIfAbsent(id, absent -> new Queue());
                if (current == null) {
                    queue.remove(RecordKey.number(change.key()));
                } else {
                    queue.put(Entry.of(change.key(), current));
                }
                touched.add(id);
            }
            revision = atRevision;
            for (LockId id : touched) {
                wake(id, woken);
                tell(id, woken);
                queues.computeIfPresent(id, (same, queue) -> queue.isEmpty() ? null : queue);
            }
        }
        woken.forEach(Runnable::run);
    }

    private static LockId id(String namespace, ByteString key) {
        return new LockId(namespace, RecordKey.parts(key, 1).get(0));
    }

    /** Completes when the entry holds or is gone. Cancel the future to wait no more. */
    CompletableFuture<Turn> await(LockId id, long token) {
        CompletableFuture<Turn> turn = new CompletableFuture<>();
        Waiting waiter = new Waiting(id, token, turn);
        List<Runnable> woken = new ArrayList<>();
        synchronized (monitor) {
            waiting.computeIfAbsent(id, absent -> new TreeMap<>())
                    .computeIfAbsent(token, absent -> new ArrayList<>(1))
                    .add(waiter);
            wake(id, woken);
        }
        woken.forEach(Runnable::run);
        var unused = turn.whenComplete((done, failure) -> {
            if (failure != null) {
                forget(waiter);
            }
        });
        return turn;
    }

    private void forget(Waiting waiter) {
        synchronized (monitor) {
            TreeMap<Long, List<Waiting>> ofLock = waiting.get(waiter.lock);
            List<Waiting> ofEntry = ofLock == null ? null : ofLock.get(waiter.token);
            if (ofLock != null && ofEntry != null && ofEntry.remove(waiter) && ofEntry.isEmpty()) {
                ofLock.remove(waiter.token);
                if (ofLock.isEmpty()) {
                    waiting.remove(waiter.lock);
                }
            }
        }
    }

    /** Takes out those whose entries hold or are gone. */
    private void wake(LockId id, List<Runnable> woken) {
        TreeMap<Long, List<Waiting>> ofLock = waiting.get(id);
        if (ofLock == null) {
            return;
        }
        Queue queue = queues.get(id);
        // Entries made later than what is shown here are not gone: they have not come yet.
        NavigableMap<Long, List<Waiting>> known = ofLock.headMap(revision, true);
        for (var each = known.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<Long, List<Waiting>> ofEntry = each.next();
            Turn turn;
            if (queue == null || queue.get(ofEntry.getKey()) == null) {
                turn = Turn.GONE;
            } else if (queue.holds(ofEntry.getKey())) {
                turn = Turn.HOLDS;
            } else {
                continue;
            }
            ofEntry.getValue().forEach(waiter -> woken.add(() -> waiter.turn.complete(turn)));
            each.remove();
        }
        if (ofLock.isEmpty()) {
            waiting.remove(id);
        }
    }

    /** Tells the observer the present state at once, then each change. */
    void observe(LockId id, Observer observer) {
        synchronized (monitor) {
            observers.computeIfAbsent(id, absent -> new HashSet<>()).add(observer);
            Queue queue = queues.get(id);
            Entry holder = queue == null ? null : queue.first();
            told.put(id, holder);
            observer.onHolder(revision, holder);
        }
    }

    void unobserve(LockId id, Observer observer) {
        synchronized (monitor) {
            Set<Observer> ofLock = observers.get(id);
            if (ofLock != null && ofLock.remove(observer) && ofLock.isEmpty()) {
                observers.remove(id);
                told.remove(id);
            }
        }
    }

    private void tell(LockId id, List<Runnable> woken) {
        Set<Observer> ofLock = observers.get(id);
        if (ofLock == null) {
            return;
        }
        Queue queue = queues.get(id);
        Entry holder = queue == null ? null : queue.first();
        if (java.util.Objects.equals(holder, told.get(id))) {
            return;
        }
        told.put(id, holder);
        long at = revision;
        for (Observer observer : ofLock) {
            woken.add(() -> observer.onHolder(at, holder));
        }
    }

    /** Reads something of a queue; of an empty one if the lock is not in use. */
    <T> T read(LockId id, Function<Queue, T> read) {
        synchronized (monitor) {
            Queue queue = queues.get(id);
            return read.apply(queue == null ? new Queue() : queue);
        }
    }

    /** Reads something of the locks of a namespace whose names follow one and start with a prefix, in their order. */
    <T> List<T> list(LockId after, String prefix, int limit, java.util.function.BiFunction<LockId, Queue, T> read) {
        synchronized (monitor) {
            List<T> found = new ArrayList<>();
            LockId from = after.name().compareTo(prefix) < 0 ? new LockId(after.namespace(), prefix) : after;
            for (Map.Entry<LockId, Queue> entry :
                    queues.tailMap(from, !from.equals(after)).entrySet()) {
                LockId id = entry.getKey();
                if (!id.namespace().equals(after.namespace())
                        || !id.name().startsWith(prefix)
                        || found.size() == limit) {
                    break;
                }
                found.add(read.apply(id, entry.getValue()));
            }
            return found;
        }
    }
}
