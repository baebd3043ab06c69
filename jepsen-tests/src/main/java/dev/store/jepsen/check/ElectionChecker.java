package dev.store.jepsen.check;

import dev.store.jepsen.history.Call;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether observers of an election see leaders in one order: calls {@code observation}, whose answer lists [token, owner]
 * as they came. Tokens never fall, and one token belongs to one owner, for all observers.
 */
public final class ElectionChecker {
    /** Judges all observations of a history. */
    public Verdict check(List<Call> calls) {
        List<String> problems = new ArrayList<>();
        Map<String, String> owners = new HashMap<>();
        for (Call call : calls) {
            if (!call.f().equals("observation")) {
                continue;
            }
            long last = 0;
            for (Object item : SightingText.list(call.answer())) {
                List<?> parts = SightingText.list(item);
                long token = SightingText.number(parts.get(0));
                String owner = String.valueOf(parts.get(1));
                if (token < last) {
                    problems.add(call.key() + ": the leader of token " + token + " was seen after that of " + last);
                }
                String other = owners.putIfAbsent(call.key() + "/" + token, owner);
                if (other != null && !other.equals(owner)) {
                    problems.add(call.key() + ": token " + token + " is both " + other + "'s and " + owner + "'s");
                }
                last = Math.max(last, token);
            }
        }
        return Verdict.of("election", problems);
    }
}
