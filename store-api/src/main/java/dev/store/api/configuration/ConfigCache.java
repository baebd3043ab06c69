package dev.store.api.configuration;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.store.api.v1.ConfigEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The versions that were given last, one file each, for a start without the cluster. A file is replaced as a whole, and one
 * that is not what was written is passed over.
 *
 * <p>Form: eight bytes that say what it is, SHA-256 of the rest, the entry as a protobuf message.
 */
final class ConfigCache {
    private static final byte[] MAGIC = "STORECF1".getBytes(StandardCharsets.US_ASCII);
    private static final int HASH_BYTES = 32;
    private static final String SUFFIX = ".config";

    private final Path folder;

    ConfigCache(Path folder, String namespace) {
        this.folder = folder.resolve(namespace.isEmpty() ? "default" : namespace);
    }

    /** Writes a version in place of the one before; a failure is the listener's to see, not that of the subscription. */
    void write(ConfigVersion version) {
        byte[] entry = version.toProto().toByteArray();
        ByteBuffer file = ByteBuffer.allocate(MAGIC.length + HASH_BYTES + entry.length);
        file.put(MAGIC).put(sha256(entry)).put(entry).flip();
        Path target = file(version.name());
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try {
            Files.createDirectories(target.getParent());
            try (FileChannel channel = FileChannel.open(
                    part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                while (file.hasRemaining()) {
                    channel.write(file);
                }
                channel.force(true);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep " + version.name() + " in " + folder, e);
        }
    }

    void remove(ConfigName name) {
        try {
            Files.deleteIfExists(file(name));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + name + " from " + folder, e);
        }
    }

    /** All versions that are whole, marked as stale. */
    List<ConfigVersion> read() {
        List<ConfigVersion> versions = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return versions;
        }
        try (Stream<Path> files = Files.walk(folder, 2)) {
            for (Path file : files.filter(path -> path.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList()) {
                ConfigVersion version = read(file);
                if (version != null) {
                    versions.add(version);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + folder, e);
        }
        return versions;
    }

    private static @Nullable ConfigVersion read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int start = MAGIC.length + HASH_BYTES;
        if (bytes.length < start || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            return null;
        }
        byte[] entry = Arrays.copyOfRange(bytes, start, bytes.length);
        if (!Arrays.equals(Arrays.copyOfRange(bytes, MAGIC.length, start), sha256(entry))) {
            return null;
        }
        try {
            return new ConfigVersion(ConfigEntry.parseFrom(entry), true);
        } catch (InvalidProtocolBufferException e) {
            return null;
        }
    }

    private Path file(ConfigName name) {
        return folder.resolve(name.group()).resolve(name.name() + SUFFIX);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
