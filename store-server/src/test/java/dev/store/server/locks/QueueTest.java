package dev.store.server.locks;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.raft.keyspace.LockQueue;
import dev.store.raft.keyspace.RecordKind;
import dev.store.raft.v1.LockWaiterRecord;
import dev.store.server.records.RecordChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** The queues in memory, against the rule said plainly. */
class QueueTest {
    private static final LockId LOCK = new LockId("default", "lock");

    /**
     * Random entries come, go and change; the view is told of each change. After each, exactly those are woken who hold by
     * the rule and were not woken before, and those who are gone.
     */
    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void exactlyThoseAreWokenWhomAChangeHasServed(@ForAll long seed) {
        Random random = new Random(seed);
        QueueView view = new QueueView();
        view.loading();
        view.loaded(0);
        boolean semaphore = random.nextBoolean();
        LockQueue permits = LockQueue.semaphore(1 + random.nextInt(3));
        TreeMap<Long, LockQueue> entries = new TreeMap<>();
        TreeMap<Long, CompletableFuture<QueueView.Turn>> waiting = new TreeMap<>();
        for (long revision = 1; revision <= 60; revision++) {
            long token;
            if (entries.isEmpty() || random.nextInt(5) > 1) {
                token = revision;
                LockQueue queue = semaphore ? permits : random.nextBoolean() ? LockQueue.EXCLUSIVE : LockQueue.SHARED;
                boolean early = random.nextBoolean();
                if (early) {
                    // The answer to the command may come before the view has applied it.
                    waiting.put(token, view.await(LOCK, token));
                    assertThat(waiting.get(token)).isNotDone();
                }
                entries.put(token, queue);
                view.apply(revision, List.of(change(queue, token, revision, true)));
                if (!early) {
                    waiting.put(token, view.await(LOCK, token));
                }
            } else {
                List<Long> tokens = new ArrayList<>(entries.keySet());
                token = tokens.get(random.nextInt(tokens.size()));
                LockQueue queue = java.util.Objects.requireNonNull(entries.get(token));
                boolean changes = random.nextInt(4) == 0;
                if (!changes) {
                    entries.remove(token);
                }
                view.apply(revision, List.of(change(queue, token, revision, changes)));
            }
            if (random.nextInt(20) == 0) {
                reload(view, entries, revision);
            }
            check(view, entries, waiting);
        }
    }

    private static void check(
            QueueView view, Map<Long, LockQueue> entries, Map<Long, CompletableFuture<QueueView.Turn>> waiting) {
        List<Long> served = served(entries);
        for (var each = waiting.entrySet().iterator(); each.hasNext(); ) {
            var waiter = each.next();
            if (served.contains(waiter.getKey())) {
                assertThat(waiter.getValue()).isCompletedWithValue(QueueView.Turn.HOLDS);
            } else if (!entries.containsKey(waiter.getKey())) {
                assertThat(waiter.getValue()).isCompletedWithValue(QueueView.Turn.GONE);
            } else {
                assertThat(waiter.getValue()).isNotDone();
                continue;
            }
            each.remove();
        }
        assertThat(view.<List<Long>>read(
                        LOCK,
                        queue -> queue.holders(100).stream().map(Entry::token).toList()))
                .isEqualTo(served);
        assertThat(view.<List<Long>>read(
                        LOCK,
                        queue -> queue.waiters(100).stream().map(Entry::token).toList()))
                .isEqualTo(entries.keySet().stream()
                        .filter(token -> !served.contains(token))
                        .toList());
        assertThat(view.<Integer>read(LOCK, Queue::holders)).isEqualTo(served.size());
    }

    private static List<Long> served(Map<Long, LockQueue> entries) {
        List<Long> served = new ArrayList<>();
        for (var entry : entries.entrySet()) {
            boolean room =
                    switch (entry.getValue().kind()) {
                        case SEMAPHORE -> served.size() < entry.getValue().permits();
                        case EXCLUSIVE -> served.isEmpty();
                        case SHARED -> served.stream().allMatch(token -> LockQueue.SHARED.equals(entries.get(token)));
                    };
            if (!room) {
                break;
            }
            served.add(entry.getKey());
        }
        return served;
    }

    private static void reload(QueueView view, Map<Long, LockQueue> entries, long revision) {
        view.loading();
        // In the order of keys, in which the queues follow one another.
        for (LockQueue.Kind kind : LockQueue.Kind.values()) {
            entries.forEach((token, queue) -> {
                if (queue.kind() == kind) {
                    view.load("default", RecordKind.LOCK_WAITER, queue.key("lock", token), stored(token, token));
                }
            });
        }
        view.loaded(revision);
    }

    @Test
    void waiterWhoGivesUpIsForgotten() {
        QueueView view = new QueueView();
        view.loaded(0);
        view.apply(1, List.of(change(LockQueue.EXCLUSIVE, 1, 1, true)));
        view.apply(2, List.of(change(LockQueue.EXCLUSIVE, 2, 2, true)));
        CompletableFuture<QueueView.Turn> waiting = view.await(LOCK, 2);

        waiting.cancel(false);
        view.apply(3, List.of(change(LockQueue.EXCLUSIVE, 1, 3, false)));

        assertThat(waiting).isCancelled();
        assertThat(view.await(LOCK, 2)).isCompletedWithValue(QueueView.Turn.HOLDS);
    }

    @Test
    void observerIsToldThePresentHolderAndThenEachChangeOfItOnly() {
        QueueView view = new QueueView();
        view.loaded(0);
        List<String> told = new ArrayList<>();
        view.observe(LOCK, (revision, holder) -> told.add(revision + ":" + (holder == null ? 0 : holder.token())));

        view.apply(1, List.of(change(LockQueue.EXCLUSIVE, 1, 1, true)));
        view.apply(2, List.of(change(LockQueue.EXCLUSIVE, 2, 2, true)));
        view.apply(3, List.of(change(LockQueue.EXCLUSIVE, 1, 3, true)));
        view.apply(4, List.of(change(LockQueue.EXCLUSIVE, 1, 4, false)));
        view.apply(5, List.of(change(LockQueue.EXCLUSIVE, 2, 5, false)));

        // At 2 the holder stays the same, at 3 its value changes.
        assertThat(told).containsExactly("0:0", "1:1", "3:1", "4:2", "5:0");
    }

    private static RecordChange change(LockQueue queue, long token, long revision, boolean present) {
        return new RecordChange(
                "default",
                RecordKind.LOCK_WAITER,
                queue.key("lock", token),
                present ? stored(token, revision) : null,
                revision,
                0,
                "");
    }

    private static KeyRecord stored(long token, long revision) {
        ByteString value =
                LockWaiterRecord.newBuilder().setOwner("o" + token).build().toByteString();
        return new KeyRecord(value, token, revision, 1, 7, 0, 0, "");
    }
}
