package dev.store.server.edge;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.Failure;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Answers unary calls from futures. */
public final class Replies {
    private Replies() {}

    /** Starts the work of a call and answers with what comes out of it, also if starting it throws. */
    public static <T> void answer(StreamObserver<T> call, Supplier<CompletableFuture<T>> work) {
        ignoreCancellation(call);
        CompletableFuture<T> future;
        try {
            future = work.get();
        } catch (RuntimeException e) {
            call.onError(GrpcErrors.toGrpc(e));
            return;
        }
        var unused = future.whenComplete((answer, failure) -> {
            if (failure == null) {
                call.onNext(answer);
                call.onCompleted();
            } else {
                call.onError(GrpcErrors.toGrpc(failure));
            }
        });
    }

    /** The result of a command, or the error that applying it ended with. */
    public static CommandResult successful(CommandResult result) {
        if (result.hasFailure()) {
            Failure failure = result.getFailure();
            throw new StoreException(code(failure.getCode()), failure.getMessage(), failure.getDetailsMap(), null);
        }
        return result;
    }

    /** Without a handler, answering a call that its caller has ended would throw. */
    private static void ignoreCancellation(StreamObserver<?> call) {
        if (call instanceof ServerCallStreamObserver<?> serverCall) {
            serverCall.setOnCancelHandler(() -> {});
        }
    }

    private static ErrorCode code(String name) {
        for (ErrorCode code : ErrorCode.values()) {
            if (code.name().equals(name)) {
                return code;
            }
        }
        return ErrorCode.INTERNAL;
    }
}
