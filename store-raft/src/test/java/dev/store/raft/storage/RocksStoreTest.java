package dev.store.raft.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

class RocksStoreTest {
    /** Small enough that a few hundred batches are flushed several times. */
    private static final StorageOptions SMALL = new StorageOptions(1 << 20, 1 << 17, 2);

    @TempDir
    Path folder;

    @Test
    void rowsOfTheLogAndOthersAreWrittenReadAndDeletedInOneBatch() {
        try (RocksStore store = open(folder)) {
            write(store, image -> {
                image.put(bytes("a1"), bytes("one"));
                image.put(bytes("r1"), bytes("two"));
                image.put(bytes("r2"), bytes("x".repeat(300)));
                image.put(bytes("s1"), bytes("four"));
            });
            write(store, image -> {
                image.delete(bytes("r1"));
                image.delete(bytes("s1"));
                image.put(bytes("r3"), new byte[0]);
            });

            assertThat(get(store, "a1")).isEqualTo("one");
            assertThat(get(store, "r1")).isNull();
            assertThat(get(store, "r2")).hasSize(300);
            assertThat(get(store, "r3")).isEmpty();
            assertThat(get(store, "s1")).isNull();
            assertThat(keys(store, "a", "r")).containsExactly("a1");
            assertThat(keys(store, "r", "s")).containsExactly("r2", "r3");
            assertThat(keys(store, "s", "t")).isEmpty();
            assertThat(store.figures().estimatedRows()).isPositive();
        }
    }

    @Test
    void equalRowsAreEqualImagesWhereverTheyAreKept() {
        WriteImage image = new WriteImage();
        image.put(bytes("r1"), bytes("v"));
        int checksum = image.checksum();

        assertThat(image.toByteArray(1)).hasSize(image.sizeBytes() + 1);
        assertThat(image.checksum()).isEqualTo(checksum);
        assertThatThrownBy(() -> image.toByteArray(128)).hasMessageContaining("128");
    }

    @Test
    void aBatchMayHoldManyRowsOfTheLogBetweenOthers() {
        try (RocksStore store = open(folder)) {
            write(store, image -> {
                for (int i = 0; i < 1_000; i++) {
                    image.put(bytes("a" + i), bytes("of a " + i));
                    image.put(bytes("r" + i), bytes("of r " + i));
                }
                image.delete(bytes("r500"));
            });

            assertThat(keys(store, "a", "b")).hasSize(1_000);
            assertThat(keys(store, "r", "s")).hasSize(999).doesNotContain("r500");
            assertThat(get(store, "r999")).isEqualTo("of r 999");
            assertThat(get(store, "a999")).isEqualTo("of a 999");
        }
    }

    @Test
    void anIntervalFromOtherRowsIntoTheLogIsRefused() {
        try (RocksStore store = open(folder)) {
            for (String[] interval : new String[][] {{"a", "r1"}, {"r1", "t"}, {"q", "s"}, {"", "z"}}) {
                assertThatThrownBy(() -> keys(store, interval[0], interval[1]))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("interval");
            }
        }
    }

    /** Without a write-ahead log, each family by itself would come back as it was when it was flushed. */
    @Test
    void afterACrashBothFamiliesHoldTheSameBatches() throws Exception {
        Path crashed = folder.resolve("crashed");
        Path running = folder.resolve("running");
        try (RocksOptions options = new RocksOptions(SMALL, problem -> {});
                ColumnFamilies families = ColumnFamilies.open(running, options)) {
            WriteImage image = new WriteImage();
            for (int i = 1; i <= 2_000; i++) {
                image.clear();
                image.put(bytes("a"), ByteBuffer.allocate(400).putInt(i).array());
                image.put(numbered(i), new byte[10]);
                write(families, image);
            }
            families.db().pauseBackgroundWork();
            copy(running, crashed);
            families.db().continueBackgroundWork();
        }

        try (RocksStore store = open(crashed)) {
            byte[] newest = store.latest().get(bytes("a"));
            assertThat(newest).isNotNull();
            int applied = ByteBuffer.wrap(newest).getInt();
            assertThat(applied).isBetween(1, 1_999);
            assertThat(keys(store, "r", "s")).hasSize(applied);
        }
    }

    @Test
    void filesOfTheLogGoDownTheLevelsWithoutBeingWrittenAgain() throws Exception {
        try (RocksOptions options = new RocksOptions(SMALL, problem -> {});
                ColumnFamilies families = ColumnFamilies.open(folder, options)) {
            ColumnFamilyHandle log = families.of(numbered(0));
            for (int i = 1; i < 100_000 && !reachedALowerLevel(families.db(), log); i++) {
                WriteImage image = new WriteImage();
                image.put(bytes("a" + i % 100), new byte[100]);
                for (int row = 0; row < 20; row++) {
                    image.put(numbered(20 * i + row), new byte[300]);
                }
                write(families, image);
            }

            Map<String, String> figures = families.db().getMapProperty(log, "rocksdb.cfstats");
            assertThat(reachedALowerLevel(families.db(), log)).isTrue();
            assertThat(figures.get("compaction.Sum.WriteGB")).isEqualTo(figures.get("compaction.L0.WriteGB"));
        }
    }

    @Test
    void aDatabaseOfOneFamilyIsBroughtOver() throws Exception {
        int rows = 3_000;
        try (Options options = new Options().setCreateIfMissing(true);
                RocksDB old = RocksDB.open(options, folder.toString())) {
            old.put(bytes("a"), bytes("before"));
            for (int i = 0; i < rows; i++) {
                old.put(numbered(i), bytes("value " + "x".repeat(1_000)));
            }
            old.put(bytes("s"), bytes("behind"));
        }

        for (int opened = 0; opened < 2; opened++) {
            try (RocksStore store = open(folder)) {
                assertThat(get(store, "a")).isEqualTo("before");
                assertThat(get(store, "s")).isEqualTo("behind");
                assertThat(keys(store, "r", "s")).hasSize(rows);
            }
        }
        assertThat(othersIn(folder)).isEqualTo(2);
    }

    @Test
    void bringingOverBeginsAgainAfterACrashOnTheWay() throws Exception {
        try (Options options = new Options().setCreateIfMissing(true);
                RocksDB old = RocksDB.open(options, folder.toString())) {
            old.put(numbered(1), bytes("one"));
            old.put(numbered(2), bytes("two"));
        }
        try (RocksStore store = open(folder)) {
            assertThat(keys(store, "r", "s")).hasSize(2);
        }
        // As it is when the copies had reached the disk, but not the deletion.
        try (RocksOptions options = new RocksOptions(SMALL, problem -> {});
                ColumnFamilies families = ColumnFamilies.open(folder, options)) {
            families.db().put(numbered(1), bytes("one"));
            families.db().put(numbered(2), bytes("two"));
        }

        try (RocksStore store = open(folder)) {
            assertThat(keys(store, "r", "s")).hasSize(2);
        }
        assertThat(othersIn(folder)).isZero();
    }

    private static boolean reachedALowerLevel(RocksDB db, ColumnFamilyHandle family) throws RocksDBException {
        String name = new String(family.getName(), UTF_8);
        return db.getLiveFilesMetaData().stream()
                .anyMatch(file -> file.level() > 0 && new String(file.columnFamilyName(), UTF_8).equals(name));
    }

    private static void write(ColumnFamilies families, WriteImage image) throws RocksDBException {
        try (WriteOptions writes = new WriteOptions().setDisableWAL(true);
                WriteBatch batch = new WriteBatch(image.toByteArray(families.logFamily()))) {
            families.db().write(writes, batch);
        }
    }

    /** How many rows are in the default family. */
    private static int othersIn(Path folder) throws RocksDBException {
        try (RocksOptions options = new RocksOptions(SMALL, problem -> {});
                ColumnFamilies families = ColumnFamilies.open(folder, options);
                ReadOptions reads = new ReadOptions();
                RocksIterator found = families.db().newIterator(reads)) {
            int count = 0;
            for (found.seekToFirst(); found.isValid(); found.next()) {
                count++;
            }
            return count;
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private static RocksStore open(Path folder) {
        return RocksStore.open(folder, SMALL, problem -> {
            throw new AssertionError(problem);
        });
    }

    private static void write(RocksStore store, Consumer<WriteImage> rows) {
        WriteImage image = new WriteImage();
        rows.accept(image);
        store.write(image);
    }

    private static @Nullable String get(RocksStore store, String key) {
        byte[] value = store.latest().get(bytes(key));
        return value == null ? null : new String(value, UTF_8);
    }

    private static List<String> keys(RocksStore store, String from, String to) {
        List<String> keys = new ArrayList<>();
        try (OrderedReader reader = store.snapshot();
                RowCursor cursor = reader.cursor(bytes(from), bytes(to))) {
            for (boolean valid = cursor.first(); valid; valid = cursor.next()) {
                keys.add(new String(cursor.key(), UTF_8));
            }
        }
        return keys;
    }

    private static byte[] numbered(int number) {
        return ByteBuffer.allocate(5).put(OrderedStore.LOG).putInt(number).array();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
