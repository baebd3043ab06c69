package dev.store.server.configuration;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.OperationId;
import dev.store.api.v1.ReadConsistency;
import dev.store.api.v1.ReadOptions;
import dev.store.raft.keyspace.RecordKey;
import dev.store.raft.keyspace.RecordKind;
import dev.store.raft.v1.CommandResult;
import dev.store.server.records.RecordCommand;
import dev.store.server.records.Records;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Changes records by what is read of them: plans a transaction that demands what was read, proposes it, and plans anew if
 * something has come between, all under one operation id, so that at most one attempt takes effect.
 *
 * <p>The first plan is made from the view as it is; only a plan that fails, or changes nothing, is made again from a view
 * that is fresh. So the usual change costs no round of messages beside its own.
 */
final class Mutations {
    private static final int MAX_ATTEMPTS = 100;
    /** From this attempt on there are pauses: who is farther from the leader would never come first otherwise. */
    private static final int FIRST_PAUSE = 4;

    private static final int LONGEST_PAUSE_MILLIS = 60;
    private static final ReadOptions AS_IT_IS = ReadOptions.newBuilder()
            .setConsistency(ReadConsistency.READ_CONSISTENCY_SERIALIZABLE)
            .build();

    /**
     * What one attempt would do: propose a command, or nothing.
     *
     * @param command the command; null if nothing is to be changed
     * @param unchanged the answer if nothing is to be changed; null if something is
     */
    record Plan<T>(
            @Nullable RecordCommand command, @Nullable T unchanged) {
        static <T> Plan<T> of(RecordCommand command) {
            return new Plan<>(command, null);
        }

        static <T> Plan<T> unchanged(T answer) {
            return new Plan<>(null, answer);
        }
    }

    /** A change that somebody asked for. */
    interface Change<T> {
        /**
         * Plans from what the views show at this revision, or at a later one; fails with what is wrong with the request.
         */
        CompletableFuture<Plan<T>> plan(long revision);

        /** The answer, from the result of a planned command alone: a repeated operation gets the result of then. */
        T answer(CommandResult result);
    }

    private final Records records;

    Mutations(Records records) {
        this.records = records;
    }

    /** Runs a change; null for an operation that is not numbered. */
    <T> CompletableFuture<T> run(String namespace, @Nullable OperationId operation, Change<T> change) {
        return new Run<>(namespace, operation, change).attempt(1, false, AS_IT_IS);
    }

    private final class Run<T> {
        private final String namespace;
        private final @Nullable OperationId operation;
        private final Change<T> change;

        Run(String namespace, @Nullable OperationId operation, Change<T> change) {
            this.namespace = namespace;
            this.operation = operation;
            this.change = change;
        }

        /** What is refused, or left alone, is so because of a fresh state. */
        CompletableFuture<T> attempt(int number, boolean fresh, ReadOptions freshness) {
            return records.fresh(freshness).thenCompose(this::planAt).thenCompose(planned -> {
                if (planned.command() != null) {
                    return propose(number, planned.command());
                }
                if (!fresh) {
                    return attempt(number, true, ReadOptions.getDefaultInstance());
                }
                StoreException failure = planned.failure();
                return failure == null
                        ? CompletableFuture.completedFuture(Objects.requireNonNull(planned.unchanged()))
                        : kept(failure);
            });
        }

        private CompletableFuture<Planned<T>> planAt(long revision) {
            CompletableFuture<Plan<T>> plan;
            try {
                plan = change.plan(revision);
            } catch (StoreException e) {
                return CompletableFuture.completedFuture(new Planned<>(null, null, e));
            }
            return plan.handle((made, failure) -> {
                if (failure == null) {
                    return new Planned<>(made.command(), made.unchanged(), null);
                }
                Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
                if (cause instanceof StoreException error) {
                    return new Planned<>(null, null, error);
                }
                throw new CompletionException(cause);
            });
        }

        private CompletableFuture<T> propose(int number, RecordCommand command) {
            return records.commit(command.operation(operation).build()).thenCompose(result -> {
                if (result.getTxn().getSucceeded()) {
                    return CompletableFuture.completedFuture(change.answer(result));
                }
                if (number == MAX_ATTEMPTS) {
                    return CompletableFuture.failedFuture(new StoreException(
                            ErrorCode.OVERLOADED,
                            "attempts: " + number + " (expected: fewer changes of the same entries at the same time)"));
                }
                ReadOptions caughtUp = ReadOptions.newBuilder()
                        .setConsistency(ReadConsistency.READ_CONSISTENCY_SERIALIZABLE)
                        .setAtLeastRevision(result.getRevision())
                        .build();
                return pause(number).thenCompose(done -> attempt(number + 1, true, caughtUp));
            });
        }

        private CompletableFuture<Boolean> pause(int number) {
            if (number < FIRST_PAUSE) {
                return CompletableFuture.completedFuture(true);
            }
            int longest = Math.min(LONGEST_PAUSE_MILLIS, 4 * number);
            return new CompletableFuture<Boolean>()
                    .completeOnTimeout(true, ThreadLocalRandom.current().nextInt(longest) + 1, TimeUnit.MILLISECONDS);
        }

        /**
         * Before a change is refused for what the state is: if it was made before under the same operation id, the state is
         * what it is because of it, and the caller gets the answer of then. Asked with a transaction that never holds.
         */
        private CompletableFuture<T> kept(StoreException failure) {
            if (operation == null || !dependsOnState(failure.code())) {
                return CompletableFuture.failedFuture(failure);
            }
            RecordCommand probe =
                    RecordCommand.in(namespace).operation(operation).whenPresent(RecordKey.of(RecordKind.CONFIG, ""));
            return records.commit(probe.build())
                    .thenCompose(result -> result.getTxn().getSucceeded()
                            ? CompletableFuture.completedFuture(change.answer(result))
                            : CompletableFuture.failedFuture(failure));
        }
    }

    private record Planned<T>(
            @Nullable RecordCommand command,
            @Nullable T unchanged,
            @Nullable StoreException failure) {}

    private static boolean dependsOnState(ErrorCode code) {
        return switch (code) {
            case CONFIG_NOT_FOUND,
                    VERSION_NOT_FOUND,
                    VERSION_CONFLICT,
                    SCHEMA_VIOLATED,
                    SCHEMA_NOT_FOUND,
                    GRAY_ACTIVE,
                    GRAY_NOT_FOUND -> true;
            default -> false;
        };
    }
}
