package dev.store.jepsen.check;

import dev.store.jepsen.history.Call;
import dev.store.jepsen.history.OpType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether what a lock protects is safe when writers show their fencing tokens.
 *
 * <p>A counter in the store is read and put back plus one under a lock: calls {@code guarded} with the argument [token,
 * count] and the counter as key, whose values are {@code token:count} and hence unique. A resource outside of the store
 * does the same by itself: calls {@code resource} with the argument [token, count], ok if it took the write, in the order
 * of their completion. The fact {@code mark} of the invocation of a {@code lock} is a key that hangs on the lease of the
 * lock, and so is deleted when that ends.
 */
public final class FencingChecker {
    /** Judges guarded writes against the timeline of the counters. */
    public Verdict check(List<Call> calls, Timeline timeline) {
        List<String> problems = new ArrayList<>();
        inTheStore(calls, timeline, problems);
        outside(calls, problems);
        deadLeases(calls, timeline, problems);
        return Verdict.of("fencing", problems);
    }

    private static void inTheStore(List<Call> calls, Timeline timeline, List<String> problems) {
        Map<String, Call> writers = new HashMap<>();
        calls.stream().filter(call -> call.f().equals("guarded")).forEach(call -> writers.put(written(call), call));
        Map<String, Change> last = new HashMap<>();
        Map<String, Change> found = new HashMap<>();
        for (Change change : timeline.changes()) {
            String value = change.value();
            if (value == null || !value.contains(":")) {
                continue;
            }
            String name = change.key() + "=" + value;
            found.put(name, change);
            Call writer = writers.get(name);
            if (writer == null) {
                problems.add("a change that nobody asked for: " + change);
            } else if (writer.outcome() == OpType.FAIL) {
                problems.add("a guarded write that was refused and took effect, " + change + ": " + writer);
            }
            Change before = last.put(change.key(), change);
            if (before != null && token(value) < token(String.valueOf(before.value()))) {
                problems.add("a write under an older token: " + change + " after " + before);
            }
            long expected = before == null ? 1 : count(String.valueOf(before.value())) + 1;
            if (count(value) != expected) {
                problems.add("a lost update, the count should be " + expected + ": " + change + " after " + before);
            }
        }
        writers.forEach((name, call) -> {
            Change change = found.get(name);
            if (call.outcome() == OpType.OK && (change == null || change.revision() != call.number("revision"))) {
                problems.add("an acknowledged guarded write that is lost: " + call);
            }
        });
    }

    private static void outside(List<Call> calls, List<String> problems) {
        Map<String, Call> last = new HashMap<>();
        calls.stream()
                .filter(call -> call.f().equals("resource") && call.outcome() == OpType.OK)
                .sorted(java.util.Comparator.comparingLong(Call::endIndex))
                .forEach(call -> {
                    Call before = last.put(call.key(), call);
                    if (before != null && argument(call, 1) != argument(before, 1) + 1) {
                        problems.add("a lost update outside of the store: " + before + " and " + call);
                    }
                });
    }

    /** A grant is never answered for a lease that had ended by then (etcd issue 11456). */
    private static void deadLeases(List<Call> calls, Timeline timeline, List<String> problems) {
        Map<String, Long> ended = new HashMap<>();
        for (Change change : timeline.changes()) {
            if (change.value() == null) {
                ended.put(change.key(), change.revision());
            }
        }
        for (Call call : calls) {
            Object mark = call.begin().extra().get("mark");
            if (call.f().equals("lock") && call.outcome() == OpType.OK && mark != null) {
                Long end = ended.get(mark.toString());
                if (end != null && end <= call.number("revision")) {
                    problems.add("granted although its lease had ended at revision " + end + ": " + call);
                }
            }
        }
    }

    private static String written(Call call) {
        return call.key() + "=" + argument(call, 0) + ":" + argument(call, 1);
    }

    private static long argument(Call call, int place) {
        return SightingText.number(SightingText.list(call.argument()).get(place));
    }

    private static long token(String value) {
        return Long.parseLong(value.substring(0, value.indexOf(':')));
    }

    private static long count(String value) {
        return Long.parseLong(value.substring(value.indexOf(':') + 1));
    }
}
