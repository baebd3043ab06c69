package dev.store.api.client;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/** What the end of a gRPC call means to this client, which knows whether the call ever left it. */
final class Failures {
    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private Failures() {}

    /**
     * The error of a call that ended with {@code status}.
     *
     * @param remote address of the connection that the call went out on; null if it never went out
     */
    static StoreException of(Status status, Metadata trailers, @Nullable Object remote, Endpoint endpoint) {
        StoreException error = GrpcErrors.fromStatus(status, trailers, null);
        if (trailers.containsKey(DETAILS)) {
            return error; // The member's own words.
        }
        ErrorCode code =
                switch (error.code()) {
                    case CONNECTION_LOST, UNREACHABLE, DEADLINE_EXCEEDED -> error.code();
                    // A member that is shut down by force resets its streams with CANCEL: nobody here canceled.
                    case CANCELED -> ErrorCode.CONNECTION_LOST;
                    default -> null;
                };
        if (code == null) {
            return error;
        }
        // gRPC does not say in the status whether the request was sent; it was not if there was no connection for it.
        if (remote == null) {
            code = ErrorCode.UNREACHABLE;
        }
        return new StoreException(
                code,
                endpoint.address() + ": " + error.getMessage() + cause(status.getCause()),
                error.details(),
                status.getCause());
    }

    private static String cause(@Nullable Throwable cause) {
        return cause == null || cause.getMessage() == null ? "" : " (" + cause.getMessage() + ")";
    }
}
