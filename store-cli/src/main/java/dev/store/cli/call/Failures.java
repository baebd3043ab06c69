package dev.store.cli.call;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns what can go wrong with a call into a {@link StoreException}. */
final class Failures {
    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private Failures() {}

    /** The connection could not be made; nothing was sent. */
    static StoreException unreachable(Endpoint endpoint, IOException e) {
        String why;
        if (e instanceof UnknownHostException) {
            why = "there is no host \"" + endpoint.host() + "\"";
        } else if (e instanceof SocketTimeoutException) {
            why = "no answer";
        } else {
            why = reason(e);
        }
        return new StoreException(ErrorCode.UNREACHABLE, endpoint + ": " + why);
    }

    /** The connection broke, or the peer does not keep to the protocol. */
    static StoreException broken(Endpoint endpoint, IOException e, boolean speaksHttp2) {
        if (speaksHttp2) {
            return new StoreException(
                    ErrorCode.CONNECTION_LOST, endpoint + ": the connection was lost: " + reason(e), Map.of(), e);
        }
        // Without the peer's settings not even the connection existed, so no call on it was looked at. A peer that
        // says nothing at all is a different matter: it may be frozen with the request in its buffer.
        if (e instanceof SocketTimeoutException) {
            return new StoreException(ErrorCode.DEADLINE_EXCEEDED, endpoint + ": connected, but no answer");
        }
        return new StoreException(
                ErrorCode.CONNECTION_LOST,
                endpoint + ": does not answer as a member of Store does; is it the port for clients? (" + reason(e)
                        + ")");
    }

    /** Throws what a finished call ended with, if that is not OK. */
    static void throwUnlessOk(Endpoint endpoint, Exchange exchange) {
        io.grpc.okhttp.internal.framed.ErrorCode reset = exchange.reset();
        if (reset != null) {
            if (reset == io.grpc.okhttp.internal.framed.ErrorCode.REFUSED_STREAM) {
                throw new StoreException(ErrorCode.NOT_READY, endpoint + ": takes no calls now");
            }
            throw new StoreException(ErrorCode.CONNECTION_LOST, endpoint + ": the call was cut off: " + reset);
        }
        String status = exchange.grpcStatus();
        if ("0".equals(status)) {
            return;
        }
        if (status == null) {
            throw new StoreException(
                    ErrorCode.CONNECTION_LOST,
                    endpoint + ": does not answer as a member of Store does; is it the port for clients? (HTTP status "
                            + exchange.httpStatus() + ", no gRPC status)");
        }
        throw fromStatus(endpoint, status, exchange.grpcMessage(), exchange.grpcDetails());
    }

    private static StoreException fromStatus(
            Endpoint endpoint, String number, @Nullable String message, @Nullable String details) {
        Status.Code code = Status.Code.UNKNOWN;
        for (Status.Code each : Status.Code.values()) {
            if (number.equals(Integer.toString(each.value()))) {
                code = each;
            }
        }
        Metadata trailers = new Metadata();
        if (details != null) {
            try {
                trailers.put(DETAILS, Base64.getDecoder().decode(details));
            } catch (IllegalArgumentException e) {
                // Details that cannot be read leave the status itself to go by.
            }
        }
        Status status = Status.fromCode(code).withDescription(message == null ? code.name() : percentDecoded(message));
        StoreException error = GrpcErrors.fromStatus(status, trailers, null);
        if (error.code() == ErrorCode.UNIMPLEMENTED) {
            return new StoreException(
                    error.code(),
                    endpoint + ": does not offer this call; is it the port for clients? (" + error.getMessage() + ")");
        }
        return error;
    }

    private static String percentDecoded(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%' && i + 2 < text.length()) {
                int high = Character.digit(text.charAt(i + 1), 16);
                int low = Character.digit(text.charAt(i + 2), 16);
                if (high >= 0 && low >= 0) {
                    bytes.write(high << 4 | low);
                    i += 2;
                    continue;
                }
            }
            bytes.write(c);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static String reason(IOException e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }
}
