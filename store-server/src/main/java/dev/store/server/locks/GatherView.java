package dev.store.server.locks;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.raft.keyspace.RecordKey;
import dev.store.raft.keyspace.RecordKind;
import dev.store.raft.v1.BarrierRecord;
import dev.store.server.records.RecordChange;
import dev.store.server.records.RecordView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Barriers and latches as far as this member has applied them; wakes those who wait for something to become of one. */
final class GatherView implements RecordView {
    private final Object monitor = new Object();
    private Map<LockId, Gathering> gatherings = new HashMap<>();
    private Map<LockId, Gathering> loading = new HashMap<>();
    private final Map<LockId, Set<Waiting<?>>> waiting = new HashMap<>();
    /** Revision of the newest change of a barrier or latch that is shown here; -1 before the first load. */
    private long revision = -1;

    /** Someone who waits until a question about the present state has an answer. */
    private record Waiting<T>(long revision, Function<Gathering, @Nullable T> question, CompletableFuture<T> answered) {
        @Nullable
        Runnable answer(Gathering state) {
            T answer = question.apply(state);
            return answer == null ? null : () -> answered.complete(answer);
        }
    }

    @Override
    public Set<RecordKind> kinds() {
        return Set.of(RecordKind.BARRIER, RecordKind.BARRIER_PARTY);
    }

    @Override
    public void loading() {
        loading = new HashMap<>();
    }

    @Override
    public void load(String namespace, RecordKind kind, ByteString key, KeyRecord present) {
        change(loading.computeIfAbsent(id(namespace, key), id -> new Gathering()), kind, key, present);
    }

    @Override
    public void loaded(long atRevision) {
        List<Runnable> woken = new ArrayList<>();
        synchronized (monitor) {
            gatherings = loading;
            gatherings.values().forEach(gathering -> gathering.revision = atRevision);
            loading = new HashMap<>();
            revision = atRevision;
            new ArrayList<>(waiting.keySet()).forEach(id -> wake(id, woken));
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
                Gathering gathering = gatherings.computeIfAbsent(id, absent -> new Gathering());
                change(gathering, change.kind(), change.key(), change.current());
                gathering.revision = atRevision;
                touched.add(id);
            }
            revision = atRevision;
            for (LockId id : touched) {
                wake(id, woken);
                gatherings.computeIfPresent(id, (same, gathering) -> gathering.isEmpty() ? null : gathering);
            }
        }
        woken.forEach(Runnable::run);
    }

    private static LockId id(String namespace, ByteString key) {
        return new LockId(namespace, RecordKey.parts(key, 1).get(0));
    }

    private static void change(Gathering gathering, RecordKind kind, ByteString key, @Nullable KeyRecord current) {
        if (kind == RecordKind.BARRIER_PARTY) {
            if (current == null) {
                gathering.parties.remove(key);
            } else {
                gathering.parties.put(key, current.modRevision());
            }
        } else if (BarrierCommands.isLatch(key)) {
            gathering.latch = current == null ? null : parse(current.value()).getLatch();
        } else {
            gathering.openSince = current == null ? 0 : current.createRevision();
        }
    }

    static BarrierRecord parse(ByteString value) {
        try {
            return BarrierRecord.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("record of a barrier: not readable", e);
        }
    }

    /**
     * Completes as soon as a question has an answer other than null, asked of each state from a revision on. Cancel the
     * future to wait no more. The question must not keep what it is given.
     */
    <T> CompletableFuture<T> await(LockId id, long from, Function<Gathering, @Nullable T> question) {
        CompletableFuture<T> answered = new CompletableFuture<>();
        Waiting<T> waiter = new Waiting<>(from, question, answered);
        List<Runnable> woken = new ArrayList<>();
        synchronized (monitor) {
            waiting.computeIfAbsent(id, absent -> new LinkedHashSet<>()).add(waiter);
            wake(id, woken);
        }
        woken.forEach(Runnable::run);
        var unused = answered.whenComplete((done, failure) -> {
            if (failure != null) {
                forget(id, waiter);
            }
        });
        return answered;
    }

    /** Asks about the present state. */
    <T> T read(LockId id, Function<Gathering, T> question) {
        synchronized (monitor) {
            return question.apply(present(id));
        }
    }

    private Gathering present(LockId id) {
        Gathering gathering = gatherings.get(id);
        return gathering == null ? new Gathering() : gathering;
    }

    private void forget(LockId id, Waiting<?> waiter) {
        synchronized (monitor) {
            Set<Waiting<?>> ofName = waiting.get(id);
            if (ofName != null && ofName.remove(waiter) && ofName.isEmpty()) {
                waiting.remove(id);
            }
        }
    }

    private void wake(LockId id, List<Runnable> woken) {
        Set<Waiting<?>> ofName = waiting.get(id);
        if (ofName == null) {
            return;
        }
        Gathering state = present(id);
        ofName.removeIf(waiter -> {
            Runnable answer = waiter.revision > revision ? null : waiter.answer(state);
            if (answer != null) {
                woken.add(answer);
            }
            return answer != null;
        });
        if (ofName.isEmpty()) {
            waiting.remove(id);
        }
    }
}
