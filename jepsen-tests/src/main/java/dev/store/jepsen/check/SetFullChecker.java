package dev.store.jepsen.check;

import dev.store.jepsen.history.Call;
import dev.store.jepsen.history.OpType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether a set of unique elements behaves as one: calls {@code add} with an element, and {@code read-set} whose answer is
 * the list of all elements. After Jepsen's {@code set-full} in its linearizable form: what was known to be in the set when
 * a read began must be in its answer, and stay.
 */
public final class SetFullChecker {
    /** Judges the calls of one set. */
    public Verdict check(List<Call> calls) {
        Map<Object, Call> adds = new HashMap<>();
        List<Call> reads = new ArrayList<>();
        for (Call call : calls) {
            if (call.f().equals("add") && call.argument() != null) {
                if (adds.put(call.argument(), call) != null) {
                    throw new IllegalArgumentException(call + " (expected: an element that was not added before)");
                }
            } else if (call.f().equals("read-set") && call.outcome() == OpType.OK) {
                reads.add(call);
            }
        }
        List<String> problems = new ArrayList<>();
        // Place in real time from which an element is known to be in the set.
        Map<Object, Long> known = new HashMap<>();
        Map<Object, String> knownBy = new HashMap<>();
        adds.forEach((element, add) -> {
            if (add.outcome() == OpType.OK) {
                known.put(element, add.endIndex());
                knownBy.put(element, "acknowledged at #" + add.endIndex());
            }
        });
        for (Call read : reads) {
            for (Object element : elements(read, adds, problems)) {
                if (known.getOrDefault(element, Long.MAX_VALUE) > read.endIndex()) {
                    known.put(element, read.endIndex());
                    knownBy.put(element, "read at #" + read.endIndex());
                }
            }
        }
        for (Call read : reads) {
            Set<Object> seen = new HashSet<>(SightingText.list(read.answer()));
            known.forEach((element, since) -> {
                if (since < read.begin().index() && !seen.contains(element)) {
                    problems.add("element " + element + ", " + knownBy.get(element)
                            + ", is missing in the read that began at #"
                            + read.begin().index());
                }
            });
        }
        return Verdict.of("set-full", problems);
    }

    private static List<?> elements(Call read, Map<Object, Call> adds, List<String> problems) {
        List<?> elements = SightingText.list(read.answer());
        if (new HashSet<>(elements).size() != elements.size()) {
            problems.add("an element twice in the read that began at #"
                    + read.begin().index());
        }
        for (Object element : elements) {
            Call add = adds.get(element);
            if (add == null || add.begin().index() > read.endIndex()) {
                problems.add("element " + element + " that nobody had added is in the read that began at #"
                        + read.begin().index());
            } else if (add.outcome() == OpType.FAIL) {
                problems.add("element " + element + " whose add was refused is in the read that began at #"
                        + read.begin().index());
            }
        }
        return elements;
    }
}
