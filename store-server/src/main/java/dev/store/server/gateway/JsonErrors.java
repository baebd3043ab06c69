package dev.store.server.gateway;

import com.linecorp.armeria.common.HttpStatus;
import io.grpc.Status;

/** Errors as etcd 3.4's gateway (grpc-gateway 1.9) tells them, on whose texts clients match. */
final class JsonErrors {
    private JsonErrors() {}

    /** The answer to a call that failed. */
    static String ofCall(Status.Code code, String message) {
        String text = JsonMessages.quoted(message);
        return "{\"error\":" + text + ",\"message\":" + text + ",\"code\":" + code.value() + "}";
    }

    /** The last line of a stream that failed. */
    static String ofStream(Status.Code code, String message) {
        int http = httpStatus(code);
        return "{\"error\":{\"grpc_code\":" + code.value() + ",\"http_code\":" + http + ",\"message\":"
                + JsonMessages.quoted(message) + ",\"http_status\":"
                + JsonMessages.quoted(HttpStatus.valueOf(http).reasonPhrase()) + "}}";
    }

    static int httpStatus(Status.Code code) {
        return switch (code) {
            case OK -> 200;
            case INVALID_ARGUMENT, OUT_OF_RANGE -> 400;
            case UNAUTHENTICATED -> 401;
            case PERMISSION_DENIED -> 403;
            case NOT_FOUND -> 404;
            case CANCELLED -> 408;
            case ALREADY_EXISTS, ABORTED -> 409;
            case FAILED_PRECONDITION -> 412;
            case RESOURCE_EXHAUSTED -> 429;
            case UNKNOWN, INTERNAL, DATA_LOSS -> 500;
            case UNIMPLEMENTED -> 501;
            case UNAVAILABLE -> 503;
            case DEADLINE_EXCEEDED -> 504;
        };
    }
}
