package dev.store.cli.command;

import dev.store.api.v1.SnapshotChunk;
import dev.store.cli.ExitCode;
import dev.store.cli.local.LocalFailure;
import dev.store.cli.print.Text;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A snapshot on its way into a file: whole and checked, or not there at all. */
final class SnapshotDownload implements Closeable {
    private static final long PROGRESS_NANOS = 200_000_000;

    private final Path file;
    private final Path part;
    private final Context context;
    private final FileOutputStream out;
    private final MessageDigest digest;
    private long bytes;
    private long expectedBytes;
    private long revision;
    private String sha256 = "";
    private byte[] announced = {};
    private long shownAt = System.nanoTime();
    private boolean shown;
    private boolean complete;

    SnapshotDownload(Path file, Context context) throws IOException {
        this.file = file;
        this.part = file.resolveSibling(file.getFileName() + ".part");
        this.context = context;
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
        this.out = new FileOutputStream(part.toFile());
    }

    void add(SnapshotChunk chunk) throws IOException {
        if (chunk.hasHead()) {
            revision = chunk.getHead().getHeader().getRevision();
            expectedBytes = chunk.getHead().getExpectedBytes();
        }
        byte[] data = chunk.getData().toByteArray();
        out.write(data);
        digest.update(data);
        bytes += data.length;
        if (!chunk.getSha256().isEmpty()) {
            announced = chunk.getSha256().toByteArray();
        }
        progress();
    }

    /** Checks what came, makes it durable and gives it its name. */
    void complete() throws IOException {
        byte[] computed = digest.digest();
        sha256 = HexFormat.of().formatHex(computed);
        if (!MessageDigest.isEqual(computed, announced)) {
            throw new LocalFailure(
                    "SNAPSHOT_DAMAGED",
                    "the snapshot came damaged or cut off: sha256 " + sha256 + " (expected: "
                            + (announced.length == 0
                                    ? "one at its end"
                                    : HexFormat.of().formatHex(announced))
                            + ")",
                    "Nothing was saved. Try again, or from another member with --endpoints.",
                    ExitCode.FAILED);
        }
        out.getFD().sync();
        out.close();
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
        complete = true;
        clear();
    }

    long bytes() {
        return bytes;
    }

    long revision() {
        return revision;
    }

    String sha256() {
        return sha256;
    }

    private void progress() {
        if (!context.terminal().err() || System.nanoTime() - shownAt < PROGRESS_NANOS) {
            return;
        }
        shownAt = System.nanoTime();
        shown = true;
        String percent = expectedBytes > 0 ? ", " + Math.min(99, 100 * bytes / expectedBytes) + " %" : "";
        context.err().print("\r" + Text.bytes(bytes) + percent + "   ");
        context.err().flush();
    }

    private void clear() {
        if (shown) {
            context.err().print("\r                              \r");
            context.err().flush();
        }
    }

    @Override
    public void close() throws IOException {
        if (!complete) {
            clear();
            out.close();
            Files.deleteIfExists(part);
        }
    }
}
