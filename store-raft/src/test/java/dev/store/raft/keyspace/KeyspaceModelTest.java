package dev.store.raft.keyspace;

import static dev.store.raft.keyspace.Commands.bytes;
import static dev.store.raft.keyspace.Commands.command;
import static dev.store.raft.keyspace.Commands.compact;
import static dev.store.raft.keyspace.Commands.compare;
import static dev.store.raft.keyspace.Commands.delete;
import static dev.store.raft.keyspace.Commands.deleteOp;
import static dev.store.raft.keyspace.Commands.grant;
import static dev.store.raft.keyspace.Commands.key;
import static dev.store.raft.keyspace.Commands.prefix;
import static dev.store.raft.keyspace.Commands.put;
import static dev.store.raft.keyspace.Commands.putOp;
import static dev.store.raft.keyspace.Commands.range;
import static dev.store.raft.keyspace.Commands.revoke;
import static dev.store.raft.keyspace.Commands.span;
import static dev.store.raft.keyspace.Commands.txn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.v1.KeyValue;
import dev.store.api.v1.Put;
import dev.store.api.v1.RangeResult;
import dev.store.api.v1.SortOrder;
import dev.store.api.v1.Txn;
import dev.store.raft.storage.MemoryStore;
import dev.store.raft.storage.OrderedStore;
import dev.store.raft.storage.RocksStore;
import dev.store.raft.storage.StorageOptions;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.CommandResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * The keyspace on a real RocksDB against {@link ReferenceMap}, by random commands with reopenings, checkpoints and
 * compactions at random points; a second keyspace in memory applies the same entries and must hold the same bytes.
 */
class KeyspaceModelTest {
    private static final int STEPS = 120;
    private static final long[] LEASES = {1, 2, 3};

    @Property(tries = 12, shrinking = ShrinkingMode.OFF)
    void behavesLikeAMapPerRevision(@ForAll long seed) throws IOException {
        Path folder = Files.createTempDirectory("store-model");
        try (Run run = new Run(new Random(seed), folder)) {
            for (int step = 0; step < STEPS; step++) {
                run.step();
            }
            run.checkEverything();
        } finally {
            deleteAll(folder);
        }
    }

    private static void deleteAll(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static final class Run implements AutoCloseable {
        private final Random random;
        private final Path folder;
        private final ReferenceMap model = new ReferenceMap();
        private final MemoryStore memory = new MemoryStore();
        private final TestKeyspace inMemory = new TestKeyspace(memory);
        private int generation;
        private RocksStore store;
        private TestKeyspace onDisk;

        Run(Random random, Path folder) {
            this.random = random;
            this.folder = folder;
            this.store = open();
            this.onDisk = new TestKeyspace(store);
        }

        private RocksStore open() {
            return RocksStore.open(folder.resolve("db-" + generation), StorageOptions.DEFAULT, error -> {
                throw new AssertionError(error);
            });
        }

        void step() {
            switch (random.nextInt(20)) {
                case 0 -> reopen();
                case 1 -> continueFromCheckpoint();
                case 2 -> compactSomewhere();
                case 3 -> grantOrRevoke();
                case 4, 5 -> deleteSome();
                case 6, 7, 8 -> transact();
                case 9 -> checkEverything();
                case 10 -> putNumbered();
                default -> putOne();
            }
            assertThat(onDisk.keyspace.revision()).isEqualTo(model.revision());
        }

        private List<CommandResult> apply(Command... commands) {
            inMemory.wallTimeMs = onDisk.wallTimeMs += random.nextInt(100);
            inMemory.leaseTimeMs = onDisk.leaseTimeMs += random.nextInt(100);
            List<CommandResult> results = onDisk.applyAll(commands);
            assertThat(inMemory.applyAll(commands)).isEqualTo(results);
            return results;
        }

        private String randomKey() {
            return "k" + random.nextInt(12);
        }

        private void putOne() {
            String key = randomKey();
            String value = "v" + random.nextInt(1_000);
            long lease = random.nextInt(4);
            if (lease == 0 || model.hasLease(lease)) {
                model.change().put(key, value, lease).commit();
            }
            apply(put(key, value, lease));
        }

        /** The revision is the end of the key; the model's keys are text, so it must stay below 128. */
        private void putNumbered() {
            String key = randomKey();
            String whole = key + "\0".repeat(7) + (char) (model.revision() + 1);
            model.change().put(whole, "n", 0).commit();
            List<CommandResult> results = apply(command(
                    Put.newBuilder().setKey(bytes(key)).setValue(bytes("n")).setAppendRevision(true)));
            assertThat(results.get(0).getPut().getKey().toStringUtf8()).isEqualTo(whole);
        }

        private void deleteSome() {
            String from = randomKey();
            if (random.nextBoolean()) {
                model.change().delete(from, from + "\0").commit();
                apply(delete(key(from)));
            } else {
                String to = from + "zz";
                model.change().delete(from, to).commit();
                apply(delete(span(from, to)));
            }
        }

        private void transact() {
            String guarded = randomKey();
            long version = random.nextInt(3);
            String put = "p" + random.nextInt(5);
            String deleted = randomKey();
            ReferenceMap.Entry entry = model.now().get(guarded);
            if ((entry == null ? 0 : entry.version()) == version) {
                model.change()
                        .put(put, "then", 0)
                        .delete(deleted, deleted + "\0")
                        .commit();
            } else {
                model.change().put(put, "otherwise", 0).commit();
            }
            apply(txn(Txn.newBuilder()
                    .addCompares(compare(key(guarded)).setVersion(version))
                    .addThen(putOp(put, "then"))
                    .addThen(deleteOp(key(deleted)))
                    .addOtherwise(putOp(put, "otherwise"))));
        }

        private void grantOrRevoke() {
            long lease = LEASES[random.nextInt(LEASES.length)];
            if (model.hasLease(lease)) {
                model.revoke(lease);
                apply(revoke(lease));
            } else {
                model.grant(lease);
                apply(grant(lease, 60_000));
            }
        }

        private void compactSomewhere() {
            long room = model.revision() - model.compacted();
            if (room > 0) {
                long revision = model.compacted() + 1 + random.nextInt((int) room);
                model.compact(revision);
                apply(compact(revision));
            }
        }

        /** A clean reopening: what is in memory is flushed when the database closes. */
        private void reopen() {
            store.flush();
            onDisk.keyspace.close();
            store = open();
            swap();
        }

        private void continueFromCheckpoint() {
            generation++;
            onDisk.keyspace.checkpoint(folder.resolve("db-" + generation));
            onDisk.keyspace.close();
            store = open();
            swap();
        }

        private void swap() {
            TestKeyspace before = onDisk;
            onDisk = new TestKeyspace(store);
            onDisk.wallTimeMs = before.wallTimeMs;
            onDisk.leaseTimeMs = before.leaseTimeMs;
            assertThat(onDisk.keyspace.applied()).isEqualTo(before.keyspace.applied());
        }

        void checkEverything() {
            assertThat(rows(store)).isEqualTo(rows(memory));
            for (long revision = model.compacted(); revision <= model.revision(); revision++) {
                if (revision > 0) {
                    checkAt(revision);
                }
            }
        }

        private void checkAt(long revision) {
            List<String> expected = new ArrayList<>();
            model.at(revision).forEach((key, entry) -> expected.add(describe(key, entry)));
            assertThat(describe(onDisk.range(range(prefix("")).setRevision(revision))))
                    .as("entries at revision %d", revision)
                    .isEqualTo(expected);
            assertThat(history(revision, false)).isEqualTo(expected);
            java.util.Collections.reverse(expected);
            assertThat(history(revision, true)).isEqualTo(expected);
            assertThat(describe(onDisk.range(
                            range(prefix("")).setRevision(revision).setSortOrder(SortOrder.SORT_ORDER_DESCENDING))))
                    .as("entries at revision %d backwards", revision)
                    .isEqualTo(expected);
            assertThat(onDisk.range(range(prefix("")).setRevision(revision).setCountOnly(true))
                            .getCount())
                    .isEqualTo(expected.size());
            for (Map.Entry<String, ReferenceMap.Entry> entry :
                    model.at(revision).entrySet()) {
                assertThat(onDisk.get(entry.getKey(), revision).orElseThrow().modRevision())
                        .isEqualTo(entry.getValue().mod());
            }
        }

        /** By the history of each key, which ranges of the recent past do without. */
        private List<String> history(long revision, boolean descending) {
            List<String> found = new ArrayList<>();
            try (var reader = store.snapshot();
                    var cursor = new PastRecords(reader, revision).cursor(CurrentRecords.EVERYTHING, descending)) {
                while (cursor.next()) {
                    found.add(describe(cursor.keyRecord().toKeyValue(ScopedKey.key(cursor.scopedKey()), true)));
                }
            }
            return found;
        }

        private static String describe(String key, ReferenceMap.Entry entry) {
            return key + "=" + entry.value() + " " + entry.create() + " " + entry.mod() + " " + entry.version() + " "
                    + entry.lease();
        }

        private static List<String> describe(RangeResult result) {
            return result.getEntriesList().stream().map(Run::describe).toList();
        }

        private static String describe(KeyValue entry) {
            return describe(
                    entry.getKey().toStringUtf8(),
                    new ReferenceMap.Entry(
                            entry.getValue().toStringUtf8(),
                            entry.getCreateRevision(),
                            entry.getModRevision(),
                            entry.getVersion(),
                            entry.getLeaseId()));
        }

        private static List<String> rows(OrderedStore store) {
            List<String> rows = new ArrayList<>();
            java.util.HexFormat hex = java.util.HexFormat.of();
            try (var reader = store.snapshot()) {
                for (char table = 'a'; table <= 'z'; table++) {
                    try (var cursor = reader.cursor(Rows.table(table), Rows.table((char) (table + 1)))) {
                        for (boolean valid = cursor.first(); valid; valid = cursor.next()) {
                            rows.add(hex.formatHex(cursor.key()) + "=" + hex.formatHex(cursor.value()));
                        }
                    }
                }
            }
            return rows;
        }

        @Override
        public void close() {
            onDisk.keyspace.close();
        }
    }
}
