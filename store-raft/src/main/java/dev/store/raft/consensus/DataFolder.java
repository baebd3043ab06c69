package dev.store.raft.consensus;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A member's data folder: whose it is ({@value #IDENTITY}), that only one process uses it ({@value #LOCK}), and whether
 * its state was found to differ from the others' ({@value #DIVERGED}).
 *
 * <p>A node that starts on another node's folder, or on an older copy of it, could vote twice in one term or forget what
 * it acknowledged; so everything that is not surely its own is refused.
 */
final class DataFolder implements AutoCloseable {
    /** Format of everything below the folder. */
    static final int FORMAT = 1;

    static final String IDENTITY = "IDENTITY";
    static final String LOCK = "LOCK";
    static final String DIVERGED = "DIVERGED";

    private final FileChannel channel;

    private DataFolder(FileChannel channel) {
        this.channel = channel;
    }

    /** Who a folder belongs to. */
    record Identity(int format, String member, UUID groupId, long createdMs) {
        String text() {
            return "format=" + format + "\nmember=" + member + "\ngroup=" + groupId + "\ncreated_ms=" + createdMs
                    + "\n";
        }
    }

    /** Where Ratis keeps its log. */
    static Path raftFolder(Path dataFolder) {
        return dataFolder.resolve("raft");
    }

    /** Where the files of the log are. */
    static Path logFolder(ReplicaOptions options) {
        return raftFolder(options.dataFolder())
                .resolve(options.groupId().toString())
                .resolve("current");
    }

    /**
     * Takes the folder into use, making it this member's if it is new or empty.
     *
     * @throws ReplicaException if it may not be used
     */
    static DataFolder open(ReplicaOptions options, Clock clock) {
        Path folder = options.dataFolder();
        try {
            Files.createDirectories(folder);
            FileChannel channel = lock(folder);
            try {
                check(options, clock);
                return new DataFolder(channel);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new ReplicaException("data folder " + folder + ": cannot be used: " + e, e);
        }
    }

    private static FileChannel lock(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Another replica in this very process.
        }
        if (lock == null) {
            channel.close();
            throw new ReplicaException("data folder " + folder + ": in use by another process (expected: one node for"
                    + " each data folder)");
        }
        return channel;
    }

    private static void check(ReplicaOptions options, Clock clock) throws IOException {
        Path folder = options.dataFolder();
        Path file = folder.resolve(IDENTITY);
        if (!Files.exists(file)) {
            if (Files.exists(raftFolder(folder)) || Files.exists(folder.resolve("db"))) {
                throw new ReplicaException("data folder " + folder + ": holds data but no file " + IDENTITY
                        + " (expected: a folder made by this program, or an empty one)");
            }
            write(folder, new Identity(FORMAT, options.self().name(), options.groupId(), clock.millis()));
            return;
        }
        Identity identity = read(file);
        if (identity.format() > FORMAT) {
            throw new ReplicaException("data folder " + folder + ": format " + identity.format()
                    + " (expected: at most " + FORMAT + "); it was written by a newer version, start that one");
        }
        if (!identity.member().equals(options.self().name())) {
            throw new ReplicaException("data folder " + folder + ": belongs to member \"" + identity.member()
                    + "\" (expected: \"" + options.self().name() + "\")");
        }
        if (!identity.groupId().equals(options.groupId())) {
            throw new ReplicaException("data folder " + folder + ": belongs to cluster " + identity.groupId()
                    + " (expected: " + options.groupId() + ")");
        }
        if (Files.exists(folder.resolve(DIVERGED))) {
            throw new ReplicaException("data folder " + folder + ": its state differs from that of the other members ("
                    + Files.readString(folder.resolve(DIVERGED)).strip() + "). Remove member \""
                    + options.self().name() + "\" from the cluster, empty the folder, and add the member again");
        }
    }

    static void write(Path folder, Identity identity) throws IOException {
        Folders.writeAtomically(folder.resolve(IDENTITY), identity.text().getBytes(StandardCharsets.UTF_8));
    }

    private static Identity read(Path file) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String line : Files.readAllLines(file)) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                fields.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        try {
            return new Identity(
                    Integer.parseInt(field(fields, "format")),
                    field(fields, "member"),
                    UUID.fromString(field(fields, "group")),
                    Long.parseLong(field(fields, "created_ms")));
        } catch (IllegalArgumentException e) {
            throw new ReplicaException(
                    file + ": " + fields + " (expected: format, member, group and created_ms); it is damaged", e);
        }
    }

    private static String field(Map<String, String> fields, String name) {
        @Nullable String value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return value;
    }

    /** Notes that the state differs from the others', so that this member does not start again with it. */
    static void markDiverged(Path folder, String figures) throws IOException {
        Folders.writeAtomically(folder.resolve(DIVERGED), (figures + "\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        // Closing the channel gives the lock back.
        channel.close();
    }
}
