package dev.store.server.services;

import com.google.protobuf.UnsafeByteOperations;
import dev.store.api.error.GrpcErrors;
import dev.store.api.v1.SnapshotChunk;
import dev.store.api.v1.SnapshotHead;
import dev.store.raft.SnapshotFile;
import dev.store.server.edge.Headers;
import dev.store.server.edge.SerialTask;
import io.grpc.stub.ServerCallStreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Streams one file as fast as the call takes it, with its checksum at the end. State is kept by the serial task. */
final class SnapshotStream {
    private static final int CHUNK_BYTES = 256 * 1024;

    private final ServerCallStreamObserver<SnapshotChunk> call;
    private final Headers headers;
    private final SerialTask task;
    private final MessageDigest sha256 = newSha256();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private volatile @Nullable SnapshotFile snapshot;
    private volatile boolean canceled;
    private @Nullable InputStream in;

    SnapshotStream(ServerCallStreamObserver<SnapshotChunk> call, Headers headers, Executor executor) {
        this.call = call;
        this.headers = headers;
        this.task = new SerialTask(executor, this::run);
    }

    CompletableFuture<Void> ended() {
        return ended;
    }

    void begin(SnapshotFile written) {
        snapshot = written;
        task.schedule();
    }

    void resume() {
        task.schedule();
    }

    void cancel() {
        canceled = true;
        task.schedule();
    }

    /** There is nothing to stream. */
    void abandon() {
        ended.complete(null);
    }

    private void run() {
        SnapshotFile written = snapshot;
        if (ended.isDone() || written == null) {
            return;
        }
        if (canceled) {
            release();
            return;
        }
        try {
            while (!canceled && call.isReady() && !ended.isDone()) {
                writeChunk(written);
            }
        } catch (IOException | RuntimeException e) {
            release();
            call.onError(GrpcErrors.toGrpc(e));
        }
    }

    private void writeChunk(SnapshotFile written) throws IOException {
        SnapshotChunk.Builder chunk = SnapshotChunk.newBuilder();
        InputStream open = in;
        if (open == null) {
            open = Files.newInputStream(written.file());
            in = open;
            chunk.setHead(SnapshotHead.newBuilder()
                    .setHeader(headers.at(written.revision()))
                    .setAppliedIndex(written.applied().index())
                    .setAppliedTerm(written.applied().term())
                    .setExpectedBytes(written.bytes()));
        }
        byte[] bytes = open.readNBytes(CHUNK_BYTES);
        sha256.update(bytes);
        chunk.setData(UnsafeByteOperations.unsafeWrap(bytes));
        if (bytes.length == CHUNK_BYTES) {
            call.onNext(chunk.build());
            return;
        }
        release();
        call.onNext(chunk.setSha256(UnsafeByteOperations.unsafeWrap(sha256.digest()))
                .build());
        call.onCompleted();
    }

    private void release() {
        try {
            if (in != null) {
                in.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            ended.complete(null);
        }
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
