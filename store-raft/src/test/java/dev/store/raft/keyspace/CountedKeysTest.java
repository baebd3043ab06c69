package dev.store.raft.keyspace;

import static dev.store.raft.keyspace.Commands.delete;
import static dev.store.raft.keyspace.Commands.put;
import static dev.store.raft.keyspace.Commands.scoped;
import static dev.store.raft.keyspace.Commands.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.store.raft.storage.MemoryStore;
import dev.store.raft.storage.OrderedStore;
import dev.store.raft.v1.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CountedKeysTest {
    /** Enough for counts to be kept, and for some buckets. */
    private static final int MANY = CountedKeys.WORTHWHILE + 3_000;

    private final OrderedStore store = new MemoryStore();
    private final TestKeyspace test = new TestKeyspace(store);
    private final TreeSet<String> keys = new TreeSet<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void countsAreThoseOfTheViewWhateverChanges(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        fill(MANY);
        countEverything();
        for (int entry = 0; entry < 60; entry++) {
            // Now and then many keys beside each other, so that buckets are divided, or a whole stretch of them goes.
            test.applyAll(
                    switch (random.nextInt(8)) {
                        case 0 -> newNeighbours(random);
                        case 1 -> new Command[] {deletionOfStretch(random)};
                        default -> fewChanges(random);
                    });
            try (KeyspaceView view = test.keyspace.view()) {
                String from = name(random.nextInt(2 * MANY));
                String to = from + (char) ('0' + random.nextInt(10)) + random.nextInt(10);
                assertCount(view, "", "~");
                assertCount(view, name(random.nextInt(MANY)), "~");
                assertCount(view, from, to);
                assertCount(view, "", from + " ");
            }
        }
    }

    private void assertCount(KeyspaceView view, String from, String to) {
        KeyRange range = new KeyRange(scoped(from), scoped(to));
        assertThat(view.count(range, 0))
                .as("keys from '%s' to '%s'", from, to)
                .isEqualTo(keys.subSet(from, to).size());
    }

    @Test
    void anOlderViewKeepsItsCounts() {
        fill(MANY);
        countEverything();
        try (KeyspaceView older = test.keyspace.view()) {
            test.apply(put("k", "one more"));
            test.apply(delete(span(name(0), name(10))));
            assertThat(older.count(everything(), 0)).isEqualTo(MANY);
        }
        assertThat(count()).isEqualTo(MANY - 9);
    }

    @Test
    void theStateBeforeAnEntryThatDeletedVeryManyKeysIsStillThere() {
        fill(RewoundRecords.KEYS + 1);
        long before = test.keyspace.revision();
        test.apply(delete(span("", "~")));
        try (KeyspaceView view = test.keyspace.view()) {
            assertThat(view.count(everything(), before)).isEqualTo(RewoundRecords.KEYS + 1);
            assertThat(view.count(everything(), 0)).isZero();
        }
    }

    @Test
    void changesWhileAllKeysAreCountedForTheFirstTimeAreCountedToo() {
        List<Runnable> waiting = new ArrayList<>();
        CountedKeys counted = new CountedKeys(store, waiting::add);
        fill(MANY);
        counted.counted(MANY);
        counted.applied(test.keyspace.applied().index(), List.of());
        test.apply(put("a", "in the first bucket"));
        counted.applied(test.keyspace.applied().index(), last());
        long index = test.keyspace.applied().index();
        assertThat(counted.at(index)).isNull();
        waiting.remove(0).run();
        assertThat(countedAt(counted, index)).isEqualTo(MANY + 1);

        test.apply(put("b", "in the first bucket"));
        counted.applied(index + 1, last());
        assertThat(countedAt(counted, index)).isEqualTo(MANY + 1);
        assertThat(countedAt(counted, index + 1)).isEqualTo(MANY + 2);
    }

    @Test
    void nothingIsKeptUntilManyKeysWereCounted() {
        Executor nobody = task -> {
            throw new AssertionError("counted for nobody");
        };
        CountedKeys counted = new CountedKeys(store, nobody);
        counted.counted(CountedKeys.WORTHWHILE);
        counted.applied(1, List.of());
        assertThat(counted.at(1)).isNull();
    }

    @Test
    void countsOfKeysThatCameAndWentLeaveNothingBehind() {
        fill(MANY);
        try (KeyspaceView view = test.keyspace.view();
                KeyspaceView.KeyCursor all = view.scan(everything(), 0)) {
            KeyCounts counts = KeyCounts.of(all);
            assertThat(counts.buckets()).isEqualTo(MANY / KeyCounts.BUCKET_KEYS + 1);
            int before = test.events.size();
            test.apply(delete(span("", "~")));
            KeyCounts none = counts.after(test.events.subList(before, test.events.size()));
            assertThat(none.buckets()).isEqualTo(1);
        }
    }

    private List<RevisionEvents> last() {
        return test.events.subList(test.events.size() - 1, test.events.size());
    }

    private long countedAt(CountedKeys counted, long index) {
        KeyCounts counts = counted.at(index);
        assertThat(counts).isNotNull();
        return counts.count(CurrentRecords.EVERYTHING, new CurrentRecords(store.latest())::count);
    }

    private void fill(int count) {
        for (int i = 0; i < count; i += 1_000) {
            List<Command> commands = new ArrayList<>();
            for (int j = i; j < Math.min(count, i + 1_000); j++) {
                commands.add(newKey(name(j)));
            }
            test.applyAll(commands.toArray(Command[]::new));
        }
    }

    private void countEverything() {
        assertThat(count()).isEqualTo(keys.size());
    }

    private long count() {
        try (KeyspaceView view = test.keyspace.view()) {
            return view.count(everything(), 0);
        }
    }

    private static KeyRange everything() {
        return new KeyRange(scoped(""), scoped("~"));
    }

    private static String name(int number) {
        return String.format("k%06d", number);
    }

    private Command newKey(String key) {
        keys.add(key);
        return put(key, "value");
    }

    private Command[] newNeighbours(SplittableRandom random) {
        String beside = name(random.nextInt(MANY));
        List<Command> commands = new ArrayList<>();
        for (int i = 0; i < 2 * KeyCounts.BUCKET_KEYS; i++) {
            commands.add(newKey(beside + "/" + random.nextInt(1_000_000)));
        }
        return commands.toArray(Command[]::new);
    }

    private Command deletionOfStretch(SplittableRandom random) {
        String from = name(random.nextInt(MANY));
        String to = name(MANY);
        String end = keys.tailSet(from).stream()
                .skip(random.nextInt(3_000))
                .findFirst()
                .orElse(to);
        if (from.compareTo(end) >= 0) {
            return newKey(from);
        }
        keys.subSet(from, end).clear();
        return delete(span(from, end));
    }

    private Command[] fewChanges(SplittableRandom random) {
        List<Command> commands = new ArrayList<>();
        for (int i = random.nextInt(20); i >= 0; i--) {
            String key = name(random.nextInt(2 * MANY));
            if (random.nextBoolean()) {
                commands.add(newKey(key));
            } else {
                keys.remove(key);
                commands.add(delete(Commands.key(key)));
            }
        }
        return commands.toArray(Command[]::new);
    }
}
