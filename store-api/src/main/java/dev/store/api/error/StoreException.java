package dev.store.api.error;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The one exception type of Store: an {@link ErrorCode}, a message for people, and details for programs. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final transient Map<String, String> details;

    public StoreException(ErrorCode code, String message) {
        this(code, message, Map.of(), null);
    }

    public StoreException(ErrorCode code, String message, Map<String, String> details, @Nullable Throwable cause) {
        // No stack trace without a cause: these are answers, thrown by the thousand under load.
        super(Objects.requireNonNull(message, "message"), cause, true, cause != null);
        this.code = Objects.requireNonNull(code, "code");
        this.details = Map.copyOf(details);
    }

    /** What went wrong. */
    public ErrorCode code() {
        return code;
    }

    /** Named values that belong to the error, such as {@code compact_revision}. */
    public Map<String, String> details() {
        return details == null ? Map.of() : details;
    }
}
