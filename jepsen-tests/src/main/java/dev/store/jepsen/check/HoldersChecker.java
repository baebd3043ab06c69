package dev.store.jepsen.check;

import dev.store.jepsen.history.Call;
import dev.store.jepsen.history.OpType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Whether no more hold a lock at a time than may, and whether fencing tokens rise.
 *
 * <p>Calls: {@code lock} with the lock as key, ok with the fact {@code token}; {@code unlock} with the lock as key and the
 * token as argument. Facts of the invocation of a lock: {@code lease-sent}, when the grant of its lease was sent, in
 * nanoseconds of the history, and {@code ttl} in ms. A holder holds for certain from the answer until it gives the lock
 * back or its lease may end, whichever is first; more need not be true, and less would be a broken promise.
 */
public final class HoldersChecker {
    private final int permits;

    /** A checker for locks that so many may hold at a time. */
    public HoldersChecker(int permits) {
        this.permits = permits;
    }

    private record Hold(long fromNanos, long untilNanos, Call lock) {}

    /** Judges all locks of a history. */
    public Verdict check(List<Call> calls) {
        Map<String, List<Call>> byLock = new TreeMap<>();
        for (Call call : calls) {
            if (call.f().equals("lock") || call.f().equals("unlock")) {
                byLock.computeIfAbsent(call.key(), key -> new ArrayList<>()).add(call);
            }
        }
        List<String> problems = new ArrayList<>();
        byLock.values().forEach(events -> {
            overlaps(holds(events), problems);
            tokens(events, problems);
        });
        return Verdict.of("holders", problems);
    }

    private static List<Hold> holds(List<Call> events) {
        Map<Object, Call> unlocks = new HashMap<>();
        for (Call call : events) {
            if (call.f().equals("unlock") && call.argument() != null) {
                unlocks.putIfAbsent(call.argument(), call);
            }
        }
        List<Hold> holds = new ArrayList<>();
        for (Call call : events) {
            if (call.f().equals("lock") && call.outcome() == OpType.OK && call.end() != null) {
                long until = fact(call, "lease-sent") + TimeUnit.MILLISECONDS.toNanos(fact(call, "ttl"));
                Call unlock = unlocks.get(call.number("token"));
                if (unlock != null) {
                    until = Math.min(until, unlock.begin().time());
                }
                if (until > call.end().time()) {
                    holds.add(new Hold(call.end().time(), until, call));
                }
            }
        }
        holds.sort(Comparator.comparingLong(Hold::fromNanos));
        return holds;
    }

    private void overlaps(List<Hold> holds, List<String> problems) {
        PriorityQueue<Hold> holding = new PriorityQueue<>(Comparator.comparingLong(Hold::untilNanos));
        for (Hold hold : holds) {
            while (!holding.isEmpty() && holding.peek().untilNanos() <= hold.fromNanos()) {
                holding.poll();
            }
            holding.add(hold);
            if (holding.size() > permits) {
                problems.add(holding.size() + " holders at once (expected: at most " + permits + "): "
                        + holding.stream().map(Hold::lock).toList());
            }
        }
    }

    /** A lock asked for after another was granted has a greater token; no two have the same one. */
    private static void tokens(List<Call> events, List<String> problems) {
        Map<Long, Call> owners = new HashMap<>();
        List<Call> granted = events.stream()
                .filter(call -> call.f().equals("lock") && call.outcome() == OpType.OK)
                .toList();
        for (Call call : granted) {
            Call other = owners.put(call.number("token"), call);
            if (other != null) {
                problems.add("one token for two holders: " + other + " and " + call);
            }
        }
        List<Call> byEnd = new ArrayList<>(granted);
        byEnd.sort(Comparator.comparingLong(Call::endIndex));
        int next = 0;
        Call greatest = null;
        for (Call call : granted) {
            for (;
                    next < byEnd.size()
                            && byEnd.get(next).endIndex() < call.begin().index();
                    next++) {
                if (greatest == null || byEnd.get(next).number("token") > greatest.number("token")) {
                    greatest = byEnd.get(next);
                }
            }
            if (greatest != null && greatest.number("token") > call.number("token")) {
                problems.add(
                        "a token below one that was granted before it was asked for: " + greatest + " and " + call);
            }
        }
    }

    private static long fact(Call call, String name) {
        return call.begin().extra().get(name) instanceof Long number ? number : 0;
    }
}
