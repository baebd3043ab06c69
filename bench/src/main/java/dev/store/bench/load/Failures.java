package dev.store.bench.load;

import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;

/** Names failures for the report. */
public final class Failures {
    private Failures() {}

    /** Name of the error code. */
    public static String code(Throwable failure) {
        return failure instanceof StoreException known
                ? known.code().name()
                : GrpcErrors.fromGrpc(failure).code().name();
    }
}
