package dev.store.jepsen.check;

import dev.store.jepsen.history.Call;
import dev.store.jepsen.history.OpType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether subscribers of configuration entries get every version in order, none twice and none left out, with the content
 * that was published under it.
 *
 * <p>Calls: {@code publish} with the entry as key and the content as argument, ok with the fact {@code version};
 * {@code roll-back} with the version as argument, ok with the fact {@code version}; {@code subscription}, whose key is the
 * entry and whose answer lists [kind, version, content] as they came: {@code PRESENT} first and after each new connection
 * that could not go on, {@code NEXT} for the version after the last one, {@code GAP} where what follows is not kept.
 */
public final class VersionsChecker {
    /** Of the hundred versions that are kept, leave some for what was published meanwhile. */
    private static final long SURELY_KEPT = 80;

    /** Judges publications and subscriptions. */
    public Verdict check(List<Call> calls) {
        List<String> problems = new ArrayList<>();
        Map<String, Map<Long, String>> contents = new HashMap<>();
        Map<String, Long> newest = new HashMap<>();
        published(calls, contents, newest, problems);
        for (Call call : calls) {
            if (call.f().equals("subscription")) {
                subscribed(call, contents, newest, problems);
            }
        }
        return Verdict.of("versions", problems);
    }

    private static void published(
            List<Call> calls,
            Map<String, Map<Long, String>> contents,
            Map<String, Long> newest,
            List<String> problems) {
        for (Call call : calls) {
            boolean publishes = call.f().equals("publish");
            if ((publishes || call.f().equals("roll-back")) && call.outcome() == OpType.OK) {
                long version = call.number("version");
                newest.merge(call.key(), version, Math::max);
                if (publishes) {
                    String other = contents.computeIfAbsent(call.key(), key -> new HashMap<>())
                            .putIfAbsent(version, String.valueOf(call.argument()));
                    if (other != null) {
                        problems.add("one version for two publications, the other one of " + other + ": " + call);
                    }
                }
            }
        }
    }

    private static void subscribed(
            Call subscription,
            Map<String, Map<Long, String>> contents,
            Map<String, Long> newest,
            List<String> problems) {
        String entry = subscription.key();
        Map<Long, String> known = contents.getOrDefault(entry, Map.of());
        long last = 0;
        for (Object item : SightingText.list(subscription.answer())) {
            List<?> parts = SightingText.list(item);
            String kind = String.valueOf(parts.get(0));
            long version = SightingText.number(parts.get(1));
            String content = String.valueOf(parts.get(2));
            if (version <= last) {
                problems.add(entry + ": version " + version + " after version " + last);
            } else if (kind.equals("NEXT") && last > 0 && version != last + 1) {
                problems.add(entry + ": version " + version + " came as the next one after " + last);
            }
            if (kind.equals("GAP") && version - last < SURELY_KEPT) {
                problems.add(entry + ": version " + version + " came after " + last
                        + " as if what lies between were not kept any more");
            }
            if (!known.getOrDefault(version, content).equals(content)) {
                problems.add(entry + ": version " + version + " came as " + content + " (expected: "
                        + known.get(version) + ")");
            }
            last = Math.max(last, version);
        }
        if (last < newest.getOrDefault(entry, 0L)) {
            problems.add(entry + ": a subscriber got no further than version " + last + " (expected: "
                    + newest.get(entry) + ")");
        }
    }
}
