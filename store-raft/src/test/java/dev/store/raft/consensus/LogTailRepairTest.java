package dev.store.raft.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.zip.CRC32C;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.CodedOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailRepairTest {
    private static final int PADDING = 4096;

    @TempDir
    Path folder;

    private final List<Integer> starts = new ArrayList<>();
    private Path file = Path.of("");
    private int end;

    @BeforeEach
    void writeTenRecords() throws IOException {
        file = folder.resolve("log_inprogress_5");
        byte[] header = "RaftLog1".getBytes(StandardCharsets.UTF_8);
        ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
        buffer.put(header);
        for (int i = 0; i < 10; i++) {
            starts.add(buffer.position());
            buffer.put(record(5 + i));
        }
        end = buffer.position();
        Files.write(file, Arrays.copyOf(buffer.array(), end + PADDING));
    }

    @Test
    void soundFileIsLeftAsItIs() throws IOException {
        byte[] before = Files.readAllBytes(file);

        LogTailRepair.repair(folder, "n1");

        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(LogTailRepair.indexes(file)).isEqualTo(indexes(5, 14));
    }

    @Test
    void recordTornAtAnyByteIsCutOffWithThePaddingKept() throws IOException {
        byte[] sound = Files.readAllBytes(file);
        int last = starts.get(9);
        for (int at = last + 1; at < end; at++) {
            byte[] torn = sound.clone();
            Arrays.fill(torn, at, end, (byte) 0);
            if (Arrays.equals(torn, sound)) {
                continue;
            }
            Files.write(file, torn);

            LogTailRepair.repair(folder, "n1");

            assertThat(LogTailRepair.indexes(file)).as("torn at %d", at).isEqualTo(indexes(5, 13));
            assertThat(Files.size(file)).isEqualTo(last);
        }
    }

    @Test
    void recordTornAtAnyByteIsCutOffWithoutPadding() throws IOException {
        byte[] sound = Files.readAllBytes(file);
        int last = starts.get(9);
        for (int at = last + 1; at < end; at++) {
            Files.write(file, Arrays.copyOf(sound, at));

            LogTailRepair.repair(folder, "n1");

            assertThat(LogTailRepair.indexes(file)).as("torn at %d", at).isEqualTo(indexes(5, 13));
        }
    }

    @Test
    void pageOfTheLastRecordThatNeverReachedTheDiskIsCutOff() throws IOException {
        byte[] torn = Files.readAllBytes(file);
        // The record's end reached the disk, its middle did not.
        Arrays.fill(torn, starts.get(9) + 3, end - 10, (byte) 0);
        Files.write(file, torn);

        LogTailRepair.repair(folder, "n1");

        assertThat(LogTailRepair.indexes(file)).isEqualTo(indexes(5, 13));
    }

    @Test
    void flippedBitInAnyRecordButTheLastIsRefusedAndNothingIsChanged() throws IOException {
        byte[] sound = Files.readAllBytes(file);
        for (int record = 0; record < 9; record++) {
            for (int at = starts.get(record); at < starts.get(record + 1); at++) {
                byte[] flipped = sound.clone();
                flipped[at] ^= 0x10;
                Files.write(file, flipped);

                assertThatThrownBy(() -> LogTailRepair.repair(folder, "n1"))
                        .as("record %d, byte %d", record, at)
                        .isInstanceOf(ReplicaException.class)
                        .hasMessageContaining("valid records follow")
                        .hasMessageContaining("Remove member \"n1\"");
                assertThat(Files.readAllBytes(file)).isEqualTo(flipped);
            }
        }
    }

    @Test
    void aHeaderThatIsGoneIsRefusedWhereAnythingFollowsIt() throws IOException {
        byte[] sound = Files.readAllBytes(file);
        for (int zeroed : new int[] {1, 8, 100, starts.get(9) + 1}) {
            byte[] damaged = sound.clone();
            Arrays.fill(damaged, 0, zeroed, (byte) 0);
            Files.write(file, damaged);

            assertThatThrownBy(() -> LogTailRepair.repair(folder, "n1"))
                    .as("%d bytes zeroed", zeroed)
                    .isInstanceOf(ReplicaException.class)
                    .hasMessageContaining("log_inprogress_5")
                    .hasMessageContaining("Remove member \"n1\"");
            assertThat(Files.readAllBytes(file)).isEqualTo(damaged);
        }
    }

    @Test
    void aFileWhoseHeaderWasNeverWrittenIsLeftToRatis() throws IOException {
        for (byte[] fresh : List.of(new byte[0], new byte[5], new byte[PADDING])) {
            Files.write(file, fresh);

            LogTailRepair.repair(folder, "n1");

            assertThat(Files.readAllBytes(file)).isEqualTo(fresh);
        }
    }

    @Test
    void whatIsCutOffIsKeptBesideTheLog() throws IOException {
        byte[] sound = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(sound, end - 1));

        LogTailRepair.repair(folder, "n1");

        Path kept = folder.resolve("cut-log_inprogress_5-" + starts.get(9));
        assertThat(Files.readAllBytes(kept)).isEqualTo(Arrays.copyOfRange(sound, starts.get(9), end - 1));
    }

    private static byte[] record(long index) {
        LogEntryProto entry = LogEntryProto.newBuilder()
                .setTerm(3)
                .setIndex(index)
                .setStateMachineLogEntry(StateMachineLogEntryProto.newBuilder()
                        .setLogData(ByteString.copyFromUtf8("data of the entry number " + index)))
                .build();
        byte[] body = entry.toByteArray();
        int prefix = CodedOutputStream.computeUInt32SizeNoTag(body.length);
        ByteBuffer out = ByteBuffer.allocate(prefix + body.length + 4);
        CodedOutputStream coded = CodedOutputStream.newInstance(out.array(), 0, prefix);
        try {
            coded.writeUInt32NoTag(body.length);
            coded.flush();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        out.position(prefix);
        out.put(body);
        CRC32C checksum = new CRC32C();
        checksum.update(out.array(), 0, prefix + body.length);
        out.putInt((int) checksum.getValue());
        return out.array();
    }

    private static List<Long> indexes(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }
}
