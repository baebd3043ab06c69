package dev.store.raft.keyspace;

import static dev.store.raft.keyspace.Commands.prefix;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.store.api.v1.Delete;
import dev.store.api.v1.Put;
import dev.store.raft.storage.RocksStore;
import dev.store.raft.storage.StorageOptions;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.Compact;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Few rows, many bytes: what compaction removed must also leave the files. */
class ReclaimTest {
    private static final int VALUES = 120;
    private static final int VALUE_BYTES = 400_000;
    private static final long ALL = (long) VALUES * VALUE_BYTES;

    @TempDir
    Path folder;

    private final Random random = new Random(7);
    private RocksStore store;
    private TestKeyspace test;

    @BeforeEach
    void open() {
        store = RocksStore.open(folder, StorageOptions.DEFAULT, problem -> {
            throw new AssertionError(problem);
        });
        test = new TestKeyspace(store);
    }

    @AfterEach
    void close() {
        test.keyspace.close();
    }

    @Test
    void overwrittenVersionsLeaveTheFiles() {
        for (int i = 0; i < VALUES; i++) {
            put("k");
        }
        store.flush();
        assertThat(store.figures().diskBytes()).isGreaterThan(ALL * 9 / 10);

        compact();

        assertThat(store.figures().diskBytes()).isLessThan(ALL / 4);
        assertThat(test.value("k")).isPresent();
    }

    @Test
    void deletedEntriesLeaveTheFiles() {
        for (int i = 0; i < VALUES; i++) {
            put("k" + i);
        }
        Command delete = Command.newBuilder()
                .setDelete(Delete.newBuilder().setKeys(prefix("k")))
                .build();
        assertThat(test.apply(delete).getDelete().getDeleted()).isEqualTo(VALUES);
        put("other");
        store.flush();
        assertThat(store.figures().diskBytes()).isGreaterThan(ALL * 9 / 10);

        compact();

        assertThat(store.figures().diskBytes()).isLessThan(ALL / 4);
    }

    private void put(String key) {
        byte[] value = new byte[VALUE_BYTES];
        random.nextBytes(value);
        test.apply(Command.newBuilder()
                .setPut(Put.newBuilder().setKey(ByteString.copyFromUtf8(key)).setValue(ByteString.copyFrom(value)))
                .build());
    }

    private void compact() {
        test.apply(Command.newBuilder()
                .setCompact(Compact.newBuilder().setRevision(test.keyspace.revision()))
                .build());
    }
}
