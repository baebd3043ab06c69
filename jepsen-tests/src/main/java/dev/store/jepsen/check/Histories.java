package dev.store.jepsen.check;

import dev.store.jepsen.history.Call;
import dev.store.jepsen.history.History;
import dev.store.jepsen.history.OpType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a history holds of a run, as it was kept: all checks are of the history alone, so that an old one can be judged
 * again by a better checker.
 */
public final class Histories {
    /** Calls on single keys. */
    private static final String[] KEYED = {"read", "local-read", "write", "cas", "delete"};

    private Histories() {}

    /** The changes that a call {@code timeline} holds. */
    public static Timeline timeline(History history) {
        List<Call> found = history.calls("timeline");
        if (found.isEmpty()) {
            throw new IllegalArgumentException("no timeline in the history (expected: one, written at its end)");
        }
        return new Timeline(SightingText.readChanges(found.get(0).answer()));
    }

    /** Linearizability and revision order of calls on single keys. */
    public static List<Verdict> registers(History history, Duration limit) {
        return registers(history, timeline(history), limit);
    }

    /** The same, with a timeline that the history need not hold. */
    public static List<Verdict> registers(History history, Timeline timeline, Duration limit) {
        List<Call> calls = history.calls(KEYED);
        return List.of(
                new RevisionOrderChecker().check(calls, timeline),
                new LinearizabilityChecker(limit).check(resolved(calls, timeline)));
    }

    /** The guarantees of watch, for each call {@code watched}: key is the prefix, fact {@code until} how far it must have seen. */
    public static List<Verdict> watchers(History history) {
        Timeline timeline = timeline(history);
        List<Verdict> verdicts = new ArrayList<>();
        for (Call call : history.calls("watched")) {
            String prefix = call.key();
            verdicts.add(new WatchGuaranteesChecker()
                    .check(
                            String.valueOf(call.argument()),
                            SightingText.read(call.answer()),
                            change -> change.key().startsWith(prefix),
                            timeline,
                            call.number("until")));
        }
        return verdicts;
    }

    /**
     * What linearizability is checked on: without local reads, and without those writes of unknown outcome whose values
     * never appeared, which would only blow the search up.
     */
    private static List<Call> resolved(List<Call> calls, Timeline timeline) {
        Set<String> appeared = timeline.changes().stream()
                .map(change -> change.key() + "=" + change.value())
                .collect(Collectors.toSet());
        return calls.stream()
                .filter(call -> !call.f().equals("local-read"))
                .filter(call -> call.outcome() != OpType.INFO
                        || call.f().equals("delete")
                        || appeared.contains(call.key() + "=" + written(call)))
                .toList();
    }

    private static Object written(Call call) {
        return call.argument() instanceof List<?> pair ? String.valueOf(pair.get(1)) : String.valueOf(call.argument());
    }
}
