package dev.store.jepsen.check;

import dev.store.jepsen.history.Call;
import dev.store.jepsen.history.OpType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Whether leases lived at least as long as was acknowledged, and ended in the end.
 *
 * <p>Calls: {@code lease-grant} and {@code lease-keepalive} with the lease as key and, when ok, the time to live in ms as
 * answer (0: there is no such lease); {@code lease-revoke}; {@code lease-gone}, ok at the moment at which somebody saw
 * that the lease had ended. Times are those of the one process that recorded the history, so they can be compared: the
 * member counts from a moment after the request was sent, so nothing may end before sending + time to live.
 */
public final class LeaseChecker {
    private final Duration lateness;

    /** A checker that lets a lease end so much after it was due: the time to live counts again after a change of leader. */
    public LeaseChecker(Duration lateness) {
        this.lateness = lateness;
    }

    /** Judges the lease calls of a history. */
    public Verdict check(List<Call> calls) {
        Map<String, List<Call>> leases = new LinkedHashMap<>();
        for (Call call : calls) {
            if (call.f().startsWith("lease-")) {
                leases.computeIfAbsent(call.key(), key -> new ArrayList<>()).add(call);
            }
        }
        List<String> problems = new ArrayList<>();
        leases.forEach((lease, events) -> judge(lease, events, problems));
        return Verdict.of("lease", problems);
    }

    private void judge(String lease, List<Call> events, List<String> problems) {
        long notBefore = Long.MIN_VALUE;
        long lastSignOfLife = 0;
        long ttlNanos = 0;
        for (Call call : events) {
            if (renews(call)) {
                long ttl = TimeUnit.MILLISECONDS.toNanos(acknowledged(call));
                notBefore = Math.max(notBefore, call.begin().time() + ttl);
                ttlNanos = Math.max(ttlNanos, ttl);
            }
            if (call.f().equals("lease-grant") || call.f().equals("lease-keepalive")) {
                lastSignOfLife = Math.max(lastSignOfLife, end(call));
            }
        }
        if (notBefore == Long.MIN_VALUE) {
            return; // Nobody was ever told that there is such a lease.
        }
        Call gone = events.stream()
                .filter(call -> call.f().equals("lease-gone") && call.outcome() == OpType.OK)
                .findFirst()
                .orElse(null);
        if (gone == null || gone.end() == null) {
            problems.add("lease " + lease + " was never seen to end");
            return;
        }
        long seen = gone.end().time();
        boolean revoked = events.stream()
                .anyMatch(call -> call.f().equals("lease-revoke")
                        && call.outcome() != OpType.FAIL
                        && call.begin().index() < gone.end().index());
        if (!revoked && seen < notBefore) {
            problems.add("lease " + lease + " ended " + ms(notBefore - seen) + " ms early: " + gone);
        }
        for (Call call : events) {
            if (renews(call) && call.begin().index() > gone.end().index()) {
                problems.add("lease " + lease + " was renewed after it had ended: " + call);
            }
        }
        long late = seen - lastSignOfLife - ttlNanos - lateness.toNanos();
        if (late > 0) {
            problems.add("lease " + lease + " ended " + ms(late) + " ms later than its time to live + " + lateness);
        }
    }

    private static boolean renews(Call call) {
        return acknowledged(call) > 0;
    }

    /** Time to live that a grant or keepalive was promised, in ms; 0 if none was. */
    private static long acknowledged(Call call) {
        boolean renewal = call.f().equals("lease-grant") || call.f().equals("lease-keepalive");
        return renewal && call.outcome() == OpType.OK && call.answer() instanceof Long ttl ? ttl : 0;
    }

    private static long end(Call call) {
        return call.end() == null ? call.begin().time() : call.end().time();
    }

    private static long ms(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }
}
