package dev.store.raft.consensus;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.LongSupplier;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A note of how far this member knew the log to be committed, beside the log: what is committed here is on this disk, and
 * stays in the log or a snapshot. A log that ends before it has lost what was acknowledged, whoever leads by then.
 *
 * <p>Ratis 3.3.0 deletes an open segment whose first block reads as zeros (LogSegment.readSegmentFile), and the leader then
 * waits for ever for the entries that this member had acknowledged to it. The note is written now and then and not synced:
 * it may be old, and never says more than what was synced before.
 */
final class CommitMark {
    private static final Logger LOG = LoggerFactory.getLogger(CommitMark.class);
    private static final String FILE = "COMMITTED";

    private final Path file;
    private final LongSupplier committed;
    private long noted;

    /**
     * @param committed the commit index that this member knows
     */
    CommitMark(Path dataFolder, LongSupplier committed) {
        this.file = dataFolder.resolve(FILE);
        this.committed = committed;
        this.noted = read(dataFolder);
    }

    /** The commit index that was noted in a data folder; -1 if there is none that reads. */
    static long read(Path dataFolder) {
        Path file = dataFolder.resolve(FILE);
        try {
            String[] words = Files.readString(file).strip().split(" ", -1);
            return words.length == 2 && words[1].equals(checksum(words[0])) ? Long.parseLong(words[0]) : -1;
        } catch (IOException | NumberFormatException e) {
            return -1;
        }
    }

    /** Notes the present commit index, if it is a new one. */
    void look() {
        long now = committed.getAsLong();
        if (now <= noted) {
            return;
        }
        String text = Long.toString(now);
        Path temporary = file.resolveSibling(FILE + ".tmp");
        try {
            Files.writeString(temporary, text + " " + checksum(text) + "\n");
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            noted = now;
        } catch (IOException e) {
            LOG.warn("{}: the commit index is not noted: {}", file, e.toString());
        }
    }

    private static String checksum(String text) {
        CRC32C checksum = new CRC32C();
        checksum.update(text.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(checksum.getValue());
    }
}
