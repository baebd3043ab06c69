package dev.store.jepsen.check;

import dev.store.jepsen.history.Call;
import dev.store.jepsen.history.OpType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Replays the timeline by revision: every answer must be what the timeline says at the revision in its header, every
 * change must have been asked for exactly once, and revisions must follow real time.
 *
 * <p>It trusts revisions where {@link LinearizabilityChecker} does not, and in return takes any number of operations and
 * processes. The values of writes must be unique. Calls of other kinds than {@code read}, {@code local-read},
 * {@code write}, {@code delete} and {@code cas} are left out; the fact {@code revision} is the header's.
 */
public final class RevisionOrderChecker {
    private static final String NAME = "revision-order";

    /** Judges calls against the timeline of their keys. */
    public Verdict check(List<Call> calls, Timeline timeline) {
        List<String> problems = new ArrayList<>();
        answers(calls, timeline, problems);
        origins(calls, timeline, problems);
        realTime(calls, timeline, problems);
        return Verdict.of(NAME, problems);
    }

    private static void answers(List<Call> calls, Timeline timeline, List<String> problems) {
        for (Call call : calls) {
            long revision = call.number("revision");
            boolean mismatch = Register.MISMATCH.equals(call.facts().get("error"));
            if (call.outcome() != OpType.OK && !mismatch) {
                continue;
            }
            if (revision < 0) {
                problems.add("an answer without a revision: " + call);
                continue;
            }
            Optional<String> at = timeline.valueAt(call.key(), revision);
            switch (call.f()) {
                case "read", "local-read" -> {
                    if (!at.equals(text(call.answer()))) {
                        problems.add("a read of something else than the value at its revision, which is " + at + ": "
                                + call);
                    }
                }
                case "write", "delete" -> {
                    boolean writes = call.f().equals("write");
                    Optional<String> wanted = writes ? text(call.argument()) : Optional.empty();
                    if ((writes && !timeline.changedAt(call.key(), revision)) || !at.equals(wanted)) {
                        problems.add(
                                "an acknowledged write that is lost, the value at its revision is " + at + ": " + call);
                    }
                }
                case "cas" -> cas(call, mismatch, timeline, problems);
                default -> {}
            }
        }
    }

    private static void cas(Call call, boolean mismatch, Timeline timeline, List<String> problems) {
        long revision = call.number("revision");
        Optional<String> expected = call.argument() instanceof List<?> pair ? text(pair.get(0)) : Optional.empty();
        if (mismatch) {
            if (timeline.valueAt(call.key(), revision).equals(expected)) {
                problems.add("a compare that failed although it held at its revision: " + call);
            }
            return;
        }
        Optional<String> at = timeline.valueAt(call.key(), revision);
        if (!timeline.changedAt(call.key(), revision) || !at.equals(written(call))) {
            problems.add("an acknowledged cas that is lost, the value at its revision is " + at + ": " + call);
        }
        Optional<String> before = timeline.valueAt(call.key(), revision - 1);
        if (!before.equals(expected)) {
            problems.add("a compare that held although the value before was " + before + ": " + call);
        }
    }

    private static void origins(List<Call> calls, Timeline timeline, List<String> problems) {
        Map<String, Call> writers = new HashMap<>();
        for (Call call : calls) {
            written(call).ifPresent(value -> {
                Call other = writers.put(call.key() + "=" + value, call);
                if (other != null) {
                    throw new IllegalArgumentException("two writes of one value: " + other + " and " + call);
                }
            });
        }
        Set<String> seen = new HashSet<>();
        for (Change change : timeline.changes()) {
            if (change.value() == null) {
                continue;
            }
            String written = change.key() + "=" + change.value();
            Call writer = writers.get(written);
            if (writer == null) {
                problems.add("a change that nobody asked for: " + change);
            } else if (writer.outcome() == OpType.FAIL) {
                problems.add("a write that was refused and took effect, " + change + ": " + writer);
            }
            if (!seen.add(written)) {
                problems.add("a write that took effect twice, the second time as " + change);
            }
        }
    }

    /** For A completed before B began: revision(A) <= revision(B), and less if B wrote. */
    private static void realTime(List<Call> calls, Timeline timeline, List<String> problems) {
        Map<String, Long> effects = new HashMap<>();
        timeline.changes().forEach(change -> {
            if (change.value() != null) {
                effects.putIfAbsent(change.key() + "=" + change.value(), change.revision());
            }
        });
        record Point(long index, Call call, boolean begins) {}
        List<Point> points = new ArrayList<>();
        for (Call call : calls) {
            if (!call.f().equals("local-read")) {
                points.add(new Point(call.begin().index(), call, true));
                if (call.end() != null && call.number("revision") >= 0) {
                    points.add(new Point(call.end().index(), call, false));
                }
            }
        }
        points.sort(Comparator.comparingLong(Point::index));
        long reached = 0;
        Call reachedBy = null;
        for (Point point : points) {
            Call call = point.call();
            if (!point.begins()) {
                if (call.number("revision") > reached) {
                    reached = call.number("revision");
                    reachedBy = call;
                }
                continue;
            }
            Optional<String> written = written(call);
            Long effect =
                    written.map(value -> effects.get(call.key() + "=" + value)).orElse(null);
            if (effect != null && effect <= reached) {
                problems.add("a write at revision " + effect + " after " + reachedBy + ": " + call);
            } else if (effect == null && call.number("revision") >= 0 && call.number("revision") < reached) {
                problems.add("an answer older than one that was complete before, " + reachedBy + ": " + call);
            }
        }
    }

    /** The value that a call writes if it takes effect. */
    private static Optional<String> written(Call call) {
        return switch (call.f()) {
            case "write" -> text(call.argument());
            case "cas" -> call.argument() instanceof List<?> pair ? text(pair.get(1)) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<String> text(@org.jspecify.annotations.Nullable Object value) {
        return value == null ? Optional.empty() : Optional.of(value.toString());
    }
}
