package dev.store.raft.consensus;

import dev.store.api.Limits;
import dev.store.raft.v1.KeepAliveReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sends the keepalives of this member to the leader: at once while few calls are under way, else gathered into the next
 * one, by namespace. Thousands of clients with a lease each then cost a few calls and, where a renewal must be written
 * down, a few commands.
 *
 * <p>A keepalive never joins a call that was sent before it came, so the time that the leader counts from is never earlier
 * than the keepalive. Those of one call share its failure too.
 */
final class SharedKeepAlives {
    /** Two, so that those who need no entry of the log seldom wait for one. */
    static final int CALLS_UNDER_WAY = 2;

    private final BiFunction<String, List<Long>, CompletableFuture<KeepAliveReply>> leader;
    private final ScheduledExecutorService timer;
    private final long overtakenAfterMs;

    private final Object lock = new Object();
    /** By namespace, the one that has waited for longest first; guarded by the lock. */
    private final Map<String, List<Waiting>> waiting = new LinkedHashMap<>();

    private int underWay;

    private record Waiting(List<Long> leaseIds, CompletableFuture<KeepAliveReply> reply) {}

    /** One call, and who shares it. */
    private static final class Round {
        final String namespace;
        final List<Waiting> sharers;
        volatile @Nullable ScheduledFuture<?> overtaking;
        /** Whether the next call waits for this one no more; guarded by the lock. */
        boolean left;

        Round(String namespace, List<Waiting> sharers) {
            this.namespace = namespace;
            this.sharers = sharers;
        }

        List<Long> leaseIds() {
            return sharers.size() == 1
                    ? sharers.get(0).leaseIds()
                    : sharers.stream().flatMap(each -> each.leaseIds().stream()).toList();
        }
    }

    /**
     * @param leader makes one call on the leader; a failure is one of the future
     * @param overtakenAfter how long others wait for a call: another leader may answer theirs
     */
    SharedKeepAlives(
            BiFunction<String, List<Long>, CompletableFuture<KeepAliveReply>> leader,
            ScheduledExecutorService timer,
            Duration overtakenAfter) {
        this.leader = leader;
        this.timer = timer;
        this.overtakenAfterMs = overtakenAfter.toMillis();
    }

    /**
     * Renews leases.
     *
     * @param leaseIds at most {@link Limits#KEEPALIVE_LEASES}
     * @return a result for each lease, in order
     */
    CompletableFuture<KeepAliveReply> keepAlive(String namespace, List<Long> leaseIds) {
        Waiting keepalive = new Waiting(leaseIds, new CompletableFuture<>());
        Round next;
        synchronized (lock) {
            waiting.computeIfAbsent(namespace, name -> new ArrayList<>()).add(keepalive);
            next = begin();
        }
        send(next);
        return keepalive.reply;
    }

    /** Takes those of one namespace into a call, if there is room for one; called with the lock. */
    private @Nullable Round begin() {
        if (underWay == CALLS_UNDER_WAY || waiting.isEmpty()) {
            return null;
        }
        underWay++;
        Iterator<Map.Entry<String, List<Waiting>>> first = waiting.entrySet().iterator();
        Map.Entry<String, List<Waiting>> line = first.next();
        first.remove();
        String namespace = line.getKey();
        List<Waiting> all = line.getValue();
        int fitting = fitting(all);
        if (fitting < all.size()) {
            waiting.put(namespace, new ArrayList<>(all.subList(fitting, all.size())));
        }
        return new Round(namespace, all.subList(0, fitting));
    }

    private static int fitting(List<Waiting> all) {
        long leases = 0;
        for (int i = 0; i < all.size(); i++) {
            leases += all.get(i).leaseIds().size();
            if (leases > Limits.KEEPALIVE_LEASES) {
                return Math.max(1, i);
            }
        }
        return all.size();
    }

    private void send(@Nullable Round round) {
        if (round == null) {
            return;
        }
        CompletableFuture<KeepAliveReply> answer = leader.apply(round.namespace, round.leaseIds());
        if (!answer.isDone() && !timer.isShutdown()) {
            round.overtaking = timer.schedule(() -> leave(round), overtakenAfterMs, TimeUnit.MILLISECONDS);
        }
        var unused = answer.whenComplete((reply, failure) -> {
            ScheduledFuture<?> overtaking = round.overtaking;
            if (overtaking != null) {
                overtaking.cancel(false);
            }
            // First the next call, so that it is under way while these are answered.
            leave(round);
            if (failure == null) {
                answer(round, reply);
            } else {
                round.sharers.forEach(each -> each.reply().completeExceptionally(failure));
            }
        });
    }

    private void leave(Round round) {
        Round next;
        synchronized (lock) {
            if (round.left) {
                return;
            }
            round.left = true;
            underWay--;
            next = begin();
        }
        send(next);
    }

    private static void answer(Round round, KeepAliveReply reply) {
        if (round.sharers.size() == 1) {
            round.sharers.get(0).reply().complete(reply);
            return;
        }
        int from = 0;
        for (Waiting each : round.sharers) {
            int to = from + each.leaseIds().size();
            each.reply()
                    .complete(KeepAliveReply.newBuilder()
                            .setRevision(reply.getRevision())
                            .addAllLeases(reply.getLeasesList().subList(from, to))
                            .build());
            from = to;
        }
    }
}
