package dev.store.jepsen.check;

import dev.store.jepsen.history.Call;
import dev.store.jepsen.history.OpType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether operations that were sent several times under one name took effect once and always answered the same.
 *
 * <p>Attempts are calls {@code once} with a key and a value that no other operation writes; all attempts of one operation
 * carry the same key and value. The fact {@code revision} is that of the answer.
 */
public final class ExactlyOnceChecker {
    /** Judges attempts against the timeline. */
    public Verdict check(List<Call> attempts, Timeline timeline) {
        Map<String, List<Call>> operations = new LinkedHashMap<>();
        for (Call attempt : attempts) {
            operations
                    .computeIfAbsent(attempt.key() + "=" + attempt.argument(), name -> new ArrayList<>())
                    .add(attempt);
        }
        Map<String, List<Long>> effects = new LinkedHashMap<>();
        for (Change change : timeline.changes()) {
            if (change.value() != null) {
                effects.computeIfAbsent(change.key() + "=" + change.value(), name -> new ArrayList<>())
                        .add(change.revision());
            }
        }
        List<String> problems = new ArrayList<>();
        operations.forEach((name, sent) -> judge(name, sent, effects.getOrDefault(name, List.of()), problems));
        return Verdict.of("exactly-once", problems);
    }

    private static void judge(String name, List<Call> sent, List<Long> effects, List<String> problems) {
        Set<Long> answers = new LinkedHashSet<>();
        boolean allRefused = true;
        for (Call attempt : sent) {
            allRefused &= attempt.outcome() == OpType.FAIL;
            if (attempt.outcome() == OpType.OK) {
                answers.add(attempt.number("revision"));
            }
        }
        if (effects.size() > 1) {
            problems.add(name + " took effect " + effects.size() + " times, at revisions " + effects);
        }
        if (answers.size() > 1) {
            problems.add(name + " was answered differently: revisions " + answers);
        }
        if (!answers.isEmpty() && !effects.containsAll(answers)) {
            problems.add(name + " was acknowledged at revision " + answers + " but took effect at " + effects);
        }
        if (allRefused && !effects.isEmpty()) {
            problems.add(name + " was refused every time but took effect at " + effects);
        }
    }
}
