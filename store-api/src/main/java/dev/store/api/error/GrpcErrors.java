package dev.store.api.error;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The one place where {@link StoreException} and gRPC status are turned into each other.
 *
 * <p>The code travels as {@code google.rpc.ErrorInfo} (reason = code, domain = {@value #DOMAIN}, metadata = details)
 * inside the standard {@code grpc-status-details-bin} trailer, so that clients in any language need no text matching.
 */
public final class GrpcErrors {
    /** Domain of every {@code ErrorInfo} of Store. */
    public static final String DOMAIN = "store.dev";

    private static final Metadata.Key<com.google.rpc.Status> DETAILS = Metadata.Key.of(
            "grpc-status-details-bin", ProtoUtils.metadataMarshaller(com.google.rpc.Status.getDefaultInstance()));

    private GrpcErrors() {}

    /** The gRPC form of any failure; what is not a {@link StoreException} becomes {@link ErrorCode#INTERNAL}. */
    public static StatusRuntimeException toGrpc(Throwable failure) {
        Throwable cause = unwrap(failure);
        if (cause instanceof StatusRuntimeException status) {
            return status;
        }
        StoreException error = cause instanceof StoreException store
                ? store
                : new StoreException(ErrorCode.INTERNAL, "internal error: " + cause, Map.of(), cause);
        ErrorInfo info = ErrorInfo.newBuilder()
                .setReason(error.code().name())
                .setDomain(DOMAIN)
                .putAllMetadata(error.details())
                .build();
        com.google.rpc.Status details = com.google.rpc.Status.newBuilder()
                .setCode(error.code().grpcCode().value())
                .setMessage(String.valueOf(error.getMessage()))
                .addDetails(Any.pack(info))
                .build();
        Metadata trailers = new Metadata();
        trailers.put(DETAILS, details);
        return Status.fromCode(error.code().grpcCode())
                .withDescription(error.getMessage())
                .withCause(error.getCause())
                .asRuntimeException(trailers);
    }

    /** The Store form of any failure of a call. */
    public static StoreException fromGrpc(Throwable failure) {
        Throwable cause = unwrap(failure);
        if (cause instanceof StoreException store) {
            return store;
        }
        if (cause instanceof StatusRuntimeException status) {
            return fromStatus(status.getStatus(), status.getTrailers(), status);
        }
        if (cause instanceof StatusException status) {
            return fromStatus(status.getStatus(), status.getTrailers(), status);
        }
        return new StoreException(ErrorCode.INTERNAL, "internal error: " + cause, Map.of(), cause);
    }

    /** The Store form of a status with its trailers. */
    public static StoreException fromStatus(Status status, @Nullable Metadata trailers, @Nullable Throwable cause) {
        ErrorInfo info = errorInfo(trailers);
        String message = status.getDescription() == null ? status.getCode().name() : status.getDescription();
        if (info != null) {
            for (ErrorCode code : ErrorCode.values()) {
                if (code.name().equals(info.getReason())) {
                    return new StoreException(code, message, info.getMetadataMap(), cause);
                }
            }
        }
        return new StoreException(plainCode(status), message, Map.of(), cause);
    }

    /** The failure itself, without the wrappers that futures put around it. */
    public static Throwable unwrap(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** What a status means that did not come from Store's own code but from gRPC itself. */
    private static ErrorCode plainCode(Status status) {
        return switch (status.getCode()) {
            case INVALID_ARGUMENT -> ErrorCode.INVALID_ARGUMENT;
            case CANCELLED -> ErrorCode.CANCELED;
            case DEADLINE_EXCEEDED -> ErrorCode.DEADLINE_EXCEEDED;
            case UNIMPLEMENTED -> ErrorCode.UNIMPLEMENTED;
            case RESOURCE_EXHAUSTED -> ErrorCode.TOO_LARGE;
            case UNAVAILABLE -> neverSent(status) ? ErrorCode.UNREACHABLE : ErrorCode.CONNECTION_LOST;
            default -> ErrorCode.INTERNAL;
        };
    }

    /** grpc-java reports a connection that could not be made as UNAVAILABLE caused by a connect failure. */
    private static boolean neverSent(Status status) {
        Throwable cause = status.getCause();
        while (cause != null) {
            if (cause instanceof java.net.ConnectException
                    || cause instanceof java.net.UnknownHostException
                    || cause instanceof java.net.NoRouteToHostException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static @Nullable ErrorInfo errorInfo(@Nullable Metadata trailers) {
        com.google.rpc.Status details = trailers == null ? null : trailers.get(DETAILS);
        if (details == null) {
            return null;
        }
        for (Any any : details.getDetailsList()) {
            try {
                if (any.is(ErrorInfo.class)) {
                    ErrorInfo info = any.unpack(ErrorInfo.class);
                    if (info.getDomain().equals(DOMAIN)) {
                        return info;
                    }
                }
            } catch (InvalidProtocolBufferException e) {
                return null;
            }
        }
        return null;
    }
}
