package dev.store.api.client;

import com.google.protobuf.ByteString;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.MaintenanceGrpc;
import dev.store.api.v1.SnapshotChunk;
import dev.store.api.v1.SnapshotHead;
import dev.store.api.v1.SnapshotRequest;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Iterator;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes a member's state to a file: beside it first, and under its name only when it is complete, verified and on disk.
 * Blocks.
 */
final class SnapshotDownload {
    private final Endpoint endpoint;
    private final Path target;
    private final Path part;
    private final LongConsumer progress;

    SnapshotDownload(Endpoint endpoint, Path target, LongConsumer progress) {
        this.endpoint = endpoint;
        this.target = target;
        this.part = target.resolveSibling(target.getFileName() + ".part");
        this.progress = progress;
    }

    SnapshotReceipt run() {
        try {
            if (Files.exists(target)) {
                throw new FileAlreadyExistsException(target + ": exists (expected: a new file)");
            }
            try (FileChannel file = FileChannel.open(
                    part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                SnapshotReceipt receipt = receive(file);
                file.force(true);
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
                return receipt;
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (StatusRuntimeException e) {
            // Whether it was sent does not matter: it changes nothing.
            throw Failures.of(
                    e.getStatus(), e.getTrailers() == null ? new Metadata() : e.getTrailers(), this, endpoint);
        }
    }

    private SnapshotReceipt receive(FileChannel file) throws IOException {
        Iterator<SnapshotChunk> chunks = ClientCalls.blockingServerStreamingCall(
                endpoint.channel(),
                MaintenanceGrpc.getSnapshotMethod(),
                CallOptions.DEFAULT,
                SnapshotRequest.getDefaultInstance());
        MessageDigest digest = sha256();
        @Nullable SnapshotHead head = null;
        ByteString vouched = ByteString.EMPTY;
        long bytes = 0;
        while (chunks.hasNext()) {
            SnapshotChunk chunk = chunks.next();
            if (chunk.hasHead()) {
                head = chunk.getHead();
            }
            for (ByteBuffer buffer : chunk.getData().asReadOnlyByteBufferList()) {
                digest.update(buffer.duplicate());
                while (buffer.hasRemaining()) {
                    bytes += file.write(buffer);
                }
            }
            progress.accept(bytes);
            if (!chunk.getSha256().isEmpty()) {
                vouched = chunk.getSha256();
            }
        }
        ByteString computed = ByteString.copyFrom(digest.digest());
        if (head == null || !computed.equals(vouched)) {
            throw new StoreException(
                    ErrorCode.CONNECTION_LOST,
                    endpoint.address() + ": snapshot of " + bytes + " bytes with SHA-256 " + hex(computed)
                            + " (expected: " + (vouched.isEmpty() ? "one vouched for" : hex(vouched)) + ")");
        }
        return new SnapshotReceipt(
                Header.of(head.getHeader()), head.getAppliedIndex(), head.getAppliedTerm(), bytes, hex(computed));
    }

    private static String hex(ByteString bytes) {
        StringBuilder text = new StringBuilder(64);
        for (byte b : bytes.toByteArray()) {
            text.append(Character.forDigit((b >> 4) & 0xf, 16)).append(Character.forDigit(b & 0xf, 16));
        }
        return text.toString();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
