package dev.store.raft.consensus;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the open file of the Raft log before Ratis does, because Ratis' own policies are both wrong after a loss of
 * power: one refuses a record that was half written, which is harmless, and the other silently drops everything after any
 * damage, which may be acknowledged.
 *
 * <p>A record that does not read is cut off if nothing valid follows it: it was being written when the power went, so it
 * was never acknowledged. Where something valid follows, the damage lies in the middle of what may be acknowledged, and
 * the member must not start.
 *
 * <p>Form of a file: {@code RaftLog1}, then records of varint length, {@code LogEntryProto} and the CRC-32C of both, then
 * zeros.
 */
final class LogTailRepair {
    private static final Logger LOG = LoggerFactory.getLogger(LogTailRepair.class);
    private static final byte[] HEADER = "RaftLog1".getBytes(StandardCharsets.UTF_8);
    private static final String OPEN_PREFIX = "log_inprogress_";
    private static final int MAX_RECORD_BYTES = 8 << 20;

    private LogTailRepair() {}

    /**
     * Repairs the open file of a log, if there is one.
     *
     * @return the last log index in it; -1 if there is none
     * @throws ReplicaException if it is damaged in a way that cannot be repaired
     */
    static long repair(Path logFolder, String member) throws IOException {
        long last = -1;
        for (Path file : Folders.list(logFolder)) {
            if (file.getFileName().toString().startsWith(OPEN_PREFIX)) {
                last = repairFile(file, member);
            }
        }
        return last;
    }

    /**
     * Sets the open file of a log aside if it ends before the newest snapshot, which holds everything in it: its end was
     * lost, since nothing is applied that is not in the log of this member. Ratis 3.3.0 drops the closed files then, but
     * goes on writing to the open one, where each entry is refused for the gap before it
     * (SegmentedRaftLog.loadLogSegments).
     *
     * @param last log index in the open file, as its repair told; -1 for none
     * @param snapshotIndex log index of the snapshot; -1 for none
     */
    static void setAsideCovered(Path logFolder, long last, long snapshotIndex) throws IOException {
        if (last < 0 || last >= snapshotIndex) {
            return;
        }
        for (Path file : Folders.list(logFolder)) {
            if (file.getFileName().toString().startsWith(OPEN_PREFIX)) {
                Files.move(file, SetAside.covered(file, last));
                Folders.syncOne(logFolder);
                LOG.warn(
                        "{}: ends at log index {}, before the snapshot at {} that holds all of it; set aside",
                        file,
                        last,
                        snapshotIndex);
            }
        }
    }

    private static long repairFile(Path file, String member) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length < HEADER.length || !Arrays.equals(bytes, 0, HEADER.length, HEADER, 0, HEADER.length)) {
            refuseContent(file, bytes, member);
            // Ratis itself accepts a header that is only partly written, and refuses every other one.
            return -1;
        }
        int at = HEADER.length;
        long lastIndex = -1;
        while (at < bytes.length && bytes[at] != 0) {
            Frame frame = Frame.read(bytes, at);
            if (frame == null || (lastIndex >= 0 && frame.index() != lastIndex + 1)) {
                break;
            }
            lastIndex = frame.index();
            at = frame.end();
        }
        if (isZero(bytes, at)) {
            return lastIndex;
        }
        long resumed = validAfter(bytes, at + 1, lastIndex);
        if (resumed >= 0) {
            throw new ReplicaException(file + ": damaged at byte " + at + ", after log index " + lastIndex
                    + ", and valid records follow from byte " + resumed + " (expected: none). Records that were"
                    + " acknowledged may be lost on this member. " + replace(member));
        }
        truncate(file, at);
        LOG.warn("{}: half a record after log index {} cut off at byte {}", file, lastIndex, at);
        return lastIndex;
    }

    /**
     * The header is synced before the first record is written. Of a file without one Ratis 3.3.0 reads nothing, and then
     * deletes it (LogSegment.readSegmentFile), whatever follows.
     */
    private static void refuseContent(Path file, byte[] bytes, String member) {
        int header = Math.min(bytes.length, HEADER.length);
        if (!isZero(bytes, header)) {
            throw new ReplicaException(
                    file + ": has no whole header (expected: RaftLog1), but content after it. Records"
                            + " that were acknowledged may be lost on this member. " + replace(member));
        }
    }

    private static String replace(String member) {
        return "Remove member \"" + member
                + "\" from the cluster, empty its data folder, start it to join, and add it again";
    }

    /** Where a record begins that reads and belongs behind an index, or -1. */
    private static long validAfter(byte[] bytes, int from, long lastIndex) {
        for (int at = from; at < bytes.length; at++) {
            if (bytes[at] != 0) {
                Frame frame = Frame.read(bytes, at);
                if (frame != null && frame.index() > lastIndex) {
                    return at;
                }
            }
        }
        return -1;
    }

    private static boolean isZero(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private static void truncate(Path file, int length) throws IOException {
        // What is cut off is kept, so that nothing is ever destroyed by a repair.
        byte[] bytes = Files.readAllBytes(file);
        Path kept = SetAside.cut(file, length);
        Files.write(kept, Arrays.copyOfRange(bytes, length, bytes.length));
        try (RandomAccessFile writable = new RandomAccessFile(file.toFile(), "rw")) {
            writable.setLength(length);
            writable.getFD().sync();
        }
        Path folder = file.getParent();
        if (folder != null) {
            Folders.syncOne(folder);
        }
    }

    /** One record that reads: its log index, and where the next one begins. */
    record Frame(long index, int end) {
        /** Reads the record at a place; null if there is none whose checksum holds. */
        static @Nullable Frame read(byte[] bytes, int at) {
            long length = 0;
            int shift = 0;
            int body = at;
            while (true) {
                if (body >= bytes.length || shift > 28) {
                    return null;
                }
                byte next = bytes[body++];
                length |= (long) (next & 0x7f) << shift;
                if (next >= 0) {
                    break;
                }
                shift += 7;
            }
            long end = body + length + 4;
            if (length == 0 || length > MAX_RECORD_BYTES || end > bytes.length) {
                return null;
            }
            CRC32C checksum = new CRC32C();
            checksum.update(bytes, at, (int) (end - 4 - at));
            if ((int) checksum.getValue() != intAt(bytes, (int) end - 4)) {
                return null;
            }
            try {
                byte[] entry = Arrays.copyOfRange(bytes, body, (int) end - 4);
                return new Frame(LogEntryProto.parseFrom(entry).getIndex(), (int) end);
            } catch (InvalidProtocolBufferException e) {
                return null;
            }
        }

        private static int intAt(byte[] bytes, int at) {
            return (bytes[at] & 0xff) << 24
                    | (bytes[at + 1] & 0xff) << 16
                    | (bytes[at + 2] & 0xff) << 8
                    | (bytes[at + 3] & 0xff);
        }
    }

    /** The log indexes in a file, for tests and diagnosis. */
    static List<Long> indexes(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        List<Long> indexes = new ArrayList<>();
        int at = HEADER.length;
        while (at < bytes.length && bytes[at] != 0) {
            Frame frame = Frame.read(bytes, at);
            if (frame == null) {
                break;
            }
            indexes.add(frame.index());
            at = frame.end();
        }
        return indexes;
    }
}
