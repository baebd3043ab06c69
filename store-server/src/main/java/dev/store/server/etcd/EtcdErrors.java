package dev.store.server.etcd;

import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * Errors as etcd's clients know them. They compare the whole text, so where etcd has an error for a case its status code
 * and text are these exactly, and where it has none the text is our own, with the offending value.
 */
final class EtcdErrors {
    /** Whoever sends it has an error of Store. */
    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private static final Status INVALID = Status.INVALID_ARGUMENT;
    private static final Status REFUSED = Status.FAILED_PRECONDITION;

    private EtcdErrors() {}

    static StatusRuntimeException emptyKey() {
        return error(INVALID, "etcdserver: key is not provided");
    }

    static StatusRuntimeException emptyOperation() {
        return error(INVALID, "etcdserver: key not found");
    }

    static StatusRuntimeException valueProvided() {
        return error(INVALID, "etcdserver: value is provided");
    }

    static StatusRuntimeException leaseProvided() {
        return error(INVALID, "etcdserver: lease is provided");
    }

    static StatusRuntimeException tooManyOperations() {
        return error(INVALID, "etcdserver: too many operations in txn request");
    }

    static StatusRuntimeException compacted() {
        return error(Status.OUT_OF_RANGE, "etcdserver: mvcc: required revision has been compacted");
    }

    static StatusRuntimeException leaseNotFound() {
        return error(Status.NOT_FOUND, "etcdserver: requested lease not found");
    }

    static StatusRuntimeException leaseTtlTooLarge() {
        return error(Status.OUT_OF_RANGE, "etcdserver: too large lease TTL");
    }

    static StatusRuntimeException memberNotFound() {
        return error(Status.NOT_FOUND, "etcdserver: member not found");
    }

    static StatusRuntimeException memberNotLearner() {
        return error(REFUSED, "etcdserver: can only promote a learner member");
    }

    static StatusRuntimeException badTransferee() {
        return error(REFUSED, "etcdserver: bad leader transferee");
    }

    static StatusRuntimeException noLeader() {
        return error(Status.UNAVAILABLE, "etcdserver: no leader");
    }

    static StatusRuntimeException stopped() {
        return error(Status.UNAVAILABLE, "etcdserver: server stopped");
    }

    static StatusRuntimeException authNotEnabled() {
        return error(REFUSED, "etcdserver: authentication is not enabled");
    }

    static StatusRuntimeException rootUserMissing() {
        return error(REFUSED, "etcdserver: root user does not exist");
    }

    static StatusRuntimeException userNotFound() {
        return error(REFUSED, "etcdserver: user name not found");
    }

    static StatusRuntimeException roleNotFound() {
        return error(REFUSED, "etcdserver: role name not found");
    }

    /** What the lock and election services of etcd tell as plain texts, without a code. */
    static StatusRuntimeException plain(String text) {
        return error(Status.UNKNOWN, text);
    }

    static StatusRuntimeException invalid(String text) {
        return error(INVALID, "etcdserver: " + text);
    }

    static StatusRuntimeException refused(String text) {
        return error(REFUSED, "etcdserver: " + text);
    }

    /** Any failure in etcd's terms. */
    static StatusRuntimeException of(Throwable failure) {
        Throwable cause = GrpcErrors.unwrap(failure);
        if (cause instanceof StoreException store) {
            return of(store);
        }
        if (cause instanceof StatusRuntimeException status) {
            return of(status.getStatus(), status.getTrailers());
        }
        return of(GrpcErrors.fromGrpc(cause));
    }

    /** A status with its trailers, in etcd's terms. */
    static StatusRuntimeException of(Status status, @Nullable Metadata trailers) {
        if (trailers == null || !trailers.containsKey(DETAILS)) {
            return status.asRuntimeException();
        }
        return of(GrpcErrors.fromStatus(status, trailers, status.getCause()));
    }

    private static StatusRuntimeException of(StoreException error) {
        String message = String.valueOf(error.getMessage());
        return switch (error.code()) {
            case DUPLICATE_KEY -> error(INVALID, "etcdserver: duplicate key given in txn request");
            case KEY_NOT_FOUND -> error(INVALID, "etcdserver: key not found");
            case COMPACTED -> compacted();
            case FUTURE_REVISION ->
                error(Status.OUT_OF_RANGE, "etcdserver: mvcc: required revision is a future revision");
            case LEASE_NOT_FOUND -> leaseNotFound();
            case LEASE_EXISTS -> error(REFUSED, "etcdserver: lease already exists");
            case MEMBER_NOT_FOUND -> memberNotFound();
            case MEMBER_EXISTS -> error(REFUSED, "etcdserver: Peer URLs already exists");
            case LEARNER_NOT_READY ->
                error(REFUSED, "etcdserver: can only promote a learner member which is in sync with leader");
            case UNSAFE_MEMBERSHIP ->
                error(REFUSED, "etcdserver: re-configuration failed due to not enough started members");
            case TOO_LARGE ->
                message.startsWith("value:") || message.startsWith("request:")
                        ? error(INVALID, "etcdserver: request is too large")
                        : invalid(message);
            case OVERLOADED -> error(Status.RESOURCE_EXHAUSTED, "etcdserver: too many requests");
            case NO_LEADER -> noLeader();
            case NOT_READY, REVISION_NOT_REACHED, MEMBERSHIP_BUSY ->
                error(Status.UNAVAILABLE, "etcdserver: unhealthy cluster");
            case OUTCOME_UNKNOWN, CONNECTION_LOST -> error(Status.UNAVAILABLE, "etcdserver: request timed out");
            case UNREACHABLE ->
                error(Status.UNAVAILABLE, "etcdserver: request timed out, possibly due to previous leader failure");
            default ->
                Status.fromCode(error.code().grpcCode())
                        .withDescription("etcdserver: " + message)
                        .withCause(error.getCause())
                        .asRuntimeException();
        };
    }

    private static StatusRuntimeException error(Status status, String text) {
        return status.withDescription(text).asRuntimeException();
    }
}
