package dev.store.api.client;

import dev.store.api.error.StoreException;
import dev.store.api.v1.HashRequest;
import dev.store.api.v1.HashResponse;
import dev.store.api.v1.MaintenanceGrpc;
import dev.store.api.v1.OperationId;
import dev.store.api.v1.StatusRequest;
import dev.store.api.v1.StatusResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** State of single members, comparison of members, and backup. */
public final class MaintenanceClient {
    private final Scope scope;

    MaintenanceClient(Scope scope) {
        this.scope = scope;
    }

    /** Calls may take this long: more than 0, at most 5 minutes. 5 s if not set. */
    public MaintenanceClient timeout(Duration timeout) {
        return new MaintenanceClient(scope.with(scope.settings.withTimeout(timeout)));
    }

    /** State and figures of some member: the one that this client is talking to. */
    public CompletableFuture<MemberStatus> status() {
        return status(Retry.READ, null);
    }

    /** State and figures of the member at {@code host:port}; it is asked once and nobody else is. */
    public CompletableFuture<MemberStatus> status(String endpoint) {
        return status(Retry.NEVER, scope.connection.endpoints().at(checked(endpoint)));
    }

    private CompletableFuture<MemberStatus> status(Retry retry, @Nullable Endpoint endpoint) {
        return new Call<StatusRequest, StatusResponse, MemberStatus>(
                scope, MaintenanceGrpc.getStatusMethod(), retry, endpoint) {
            @Override
            StatusRequest request(@Nullable OperationId operation) {
                return StatusRequest.getDefaultInstance();
            }

            @Override
            MemberStatus answer(StatusResponse response) {
                return MemberStatus.of(response);
            }
        }.start();
    }

    /** Hash of all entries of the member at {@code host:port}; revision 0 means its current one. */
    public CompletableFuture<HashAnswer> hash(String endpoint, long revision) {
        Endpoint member = scope.connection.endpoints().at(checked(endpoint));
        return new Call<HashRequest, HashResponse, HashAnswer>(
                scope, MaintenanceGrpc.getHashMethod(), Retry.NEVER, member) {
            @Override
            HashRequest request(@Nullable OperationId operation) {
                return HashRequest.newBuilder().setRevision(revision).build();
            }

            @Override
            HashAnswer answer(HashResponse response) {
                return new HashAnswer(
                        Header.of(response.getHeader()),
                        response.getHash(),
                        response.getHashRevision(),
                        response.getCompactRevision(),
                        response.getEntries());
            }
        }.start();
    }

    /**
     * Writes a consistent copy of a member's state to a new file, which appears only when it is complete and verified. Fails
     * with {@link java.io.UncheckedIOException} if it cannot be written.
     */
    public CompletableFuture<SnapshotReceipt> snapshot(Path target) {
        return snapshot(target, bytes -> {});
    }

    /**
     * The same, telling progress.
     *
     * @param progress told now and then how many bytes were written
     */
    public CompletableFuture<SnapshotReceipt> snapshot(Path target, LongConsumer progress) {
        return CompletableFuture.supplyAsync(() -> download(target, progress), scope.connection.workers());
    }

    private SnapshotReceipt download(Path target, LongConsumer progress) {
        Endpoints endpoints = scope.connection.endpoints();
        Endpoint endpoint = endpoints.pick(null);
        for (int attempts = 1; ; attempts++) {
            try {
                return new SnapshotDownload(endpoint, target, progress).run();
            } catch (StoreException e) {
                if (!e.code().retryable() || attempts >= endpoints.size()) {
                    throw e;
                }
                endpoint.failed(e.code(), endpoint.channel());
                endpoint = endpoints.pick(endpoint);
            }
        }
    }

    private static String checked(String endpoint) {
        return Addresses.parse(endpoint).get(0);
    }
}
