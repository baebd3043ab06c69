package dev.store.server.services;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import dev.store.api.v1.SnapshotChunk;
import dev.store.raft.Replica;
import dev.store.raft.SnapshotFile;
import dev.store.server.edge.Headers;
import io.grpc.stub.ServerCallStreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes copies of the state into a folder of passage, streams them, and removes them. */
public final class SnapshotStreams {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotStreams.class);

    /** Each takes as much disk as the database while it is sent. */
    private static final int MAX_STREAMS = 2;

    private final Replica replica;
    private final Headers headers;
    private final Path folder;
    private final Executor executor;
    private final Semaphore permits = new Semaphore(MAX_STREAMS);
    private final AtomicLong number = new AtomicLong();

    /**
     * Makes the folder, and empties it of what an earlier process left behind.
     *
     * @param folder for files in passage only, on the file system of the data
     */
    public SnapshotStreams(Replica replica, Headers headers, Path folder, Executor executor) {
        this.replica = replica;
        this.headers = headers;
        this.folder = folder;
        this.executor = executor;
        try {
            Files.createDirectories(folder);
            try (DirectoryStream<Path> left = Files.newDirectoryStream(folder)) {
                for (Path file : left) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("snapshot exports: " + folder + " cannot be emptied", e);
        }
    }

    /** Writes a copy and streams it. */
    public void start(ServerCallStreamObserver<SnapshotChunk> call) {
        if (!permits.tryAcquire()) {
            throw new StoreException(
                    ErrorCode.OVERLOADED,
                    "snapshots being sent: " + MAX_STREAMS + " (expected: fewer, try again later)");
        }
        Path file = folder.resolve("snapshot-" + number.incrementAndGet() + ".part");
        SnapshotStream stream = new SnapshotStream(call, headers, executor);
        call.setOnReadyHandler(stream::resume);
        call.setOnCancelHandler(stream::cancel);
        var unused = stream.ended().whenComplete((done, failure) -> {
            permits.release();
            delete(file);
        });
        CompletableFuture<SnapshotFile> written;
        try {
            written = replica.writeSnapshot(file);
        } catch (RuntimeException e) {
            stream.abandon();
            throw e;
        }
        var unusedToo = written.whenComplete((snapshot, failure) -> {
            if (failure == null) {
                stream.begin(snapshot);
            } else {
                stream.abandon();
                call.onError(GrpcErrors.toGrpc(failure));
            }
        });
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("snapshot export left behind: file={} reason={}", file, e.toString());
        }
    }
}
