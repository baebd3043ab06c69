package dev.store.raft.consensus;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import dev.store.raft.MemberCalls;
import dev.store.raft.Members;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the leader and calls it: this member itself, or another one. What surely was not received or not proposed is
 * tried again, for as long as an election may take, so that callers hardly notice a change of leader.
 */
final class Leader {
    private static final Duration PAUSE = Duration.ofMillis(25);

    private final Supplier<RaftServer.Division> division;
    private final Leadership leadership;
    private final MemberCalls local;
    private final Members members;
    private final ScheduledExecutorService timer;

    Leader(
            Supplier<RaftServer.Division> division,
            Leadership leadership,
            MemberCalls local,
            Members members,
            ScheduledExecutorService timer) {
        this.division = division;
        this.leadership = leadership;
        this.local = local;
        this.members = members;
        this.timer = timer;
    }

    /** Makes a call on the leader. */
    <T> CompletableFuture<T> call(Duration patience, Function<MemberCalls, CompletableFuture<T>> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        attempt(System.nanoTime() + patience.toNanos(), call, result);
        return result;
    }

    /** Makes a call on the leader, without trying again. Never throws. */
    <T> CompletableFuture<T> callOnce(Function<MemberCalls, CompletableFuture<T>> call) {
        MemberCalls target = target();
        if (target == null) {
            return CompletableFuture.failedFuture(new StoreException(ErrorCode.NO_LEADER, "no leader is known"));
        }
        try {
            return call.apply(target);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(GrpcErrors.fromGrpc(e));
        }
    }

    /** The name of the known leader. */
    @Nullable
    String name() {
        RaftPeerId id = division.get().getInfo().getLeaderId();
        return id == null ? null : id.toString();
    }

    private <T> void attempt(
            long deadline, Function<MemberCalls, CompletableFuture<T>> call, CompletableFuture<T> result) {
        MemberCalls target = target();
        if (target == null) {
            StoreException none = new StoreException(ErrorCode.NO_LEADER, "no leader is known; nothing was proposed");
            retryOrFail(deadline, call, result, none);
            return;
        }
        CompletableFuture<T> answer;
        try {
            answer = call.apply(target);
        } catch (RuntimeException e) {
            result.completeExceptionally(GrpcErrors.fromGrpc(e));
            return;
        }
        var unused = answer.whenComplete((value, failure) -> {
            if (failure == null) {
                result.complete(value);
                return;
            }
            StoreException error = GrpcErrors.fromGrpc(failure);
            if (error.code() == ErrorCode.NO_LEADER || error.code() == ErrorCode.UNREACHABLE) {
                retryOrFail(deadline, call, result, error);
            } else {
                result.completeExceptionally(error);
            }
        });
    }

    private <T> void retryOrFail(
            long deadline,
            Function<MemberCalls, CompletableFuture<T>> call,
            CompletableFuture<T> result,
            StoreException error) {
        if (System.nanoTime() + PAUSE.toNanos() >= deadline || timer.isShutdown()) {
            result.completeExceptionally(
                    error.code() == ErrorCode.UNREACHABLE
                            ? new StoreException(
                                    ErrorCode.NO_LEADER, "the leader cannot be reached: " + error.getMessage())
                            : error);
        } else if (!result.isDone()) {
            var unused = timer.schedule(() -> attempt(deadline, call, result), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private @Nullable MemberCalls target() {
        if (leadership.leading()) {
            return local;
        }
        RaftServer.Division raft = division.get();
        RaftPeerId id = raft.getInfo().getLeaderId();
        if (id == null || id.equals(raft.getId())) {
            return null;
        }
        RaftPeer peer = raft.getRaftConf().getPeer(id);
        return peer == null || peer.getClientAddress() == null ? null : members.at(peer.getClientAddress());
    }
}
