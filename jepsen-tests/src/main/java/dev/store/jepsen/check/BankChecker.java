package dev.store.jepsen.check;

import dev.store.jepsen.history.Call;
import dev.store.jepsen.history.OpType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether money is neither made nor lost: calls {@code bank-read} and {@code bank-read-at}, whose answers are the balances
 * of all accounts and whose fact {@code at} is the revision that was read, and {@code compact} with the revision below
 * which history may be forgotten. All reads of one revision must agree, whenever and wherever they were made.
 */
public final class BankChecker {
    private final long total;

    /** A checker for accounts that hold so much together. */
    public BankChecker(long total) {
        this.total = total;
    }

    /** Judges the calls of one bank. */
    public Verdict check(List<Call> calls) {
        List<String> problems = new ArrayList<>();
        Map<Long, Call> byRevision = new HashMap<>();
        long compacting = 0;
        for (Call call : calls) {
            if (call.f().equals("compact") && call.argument() instanceof Long revision) {
                compacting = Math.max(compacting, revision);
            }
            if (!call.f().startsWith("bank-read")) {
                continue;
            }
            if (call.outcome() == OpType.OK) {
                balances(call, byRevision, problems);
            } else if (String.valueOf(call.facts().get("error")).startsWith("COMPACTED")
                    && call.argument() instanceof Long asked
                    && asked >= compacting
                    && noneCompacts(calls, call, asked)) {
                problems.add("refused as compacted, though nobody had compacted so far: " + call);
            }
        }
        return Verdict.of("bank", problems);
    }

    private void balances(Call read, Map<Long, Call> byRevision, List<String> problems) {
        long sum = 0;
        for (Object balance : SightingText.list(read.answer())) {
            sum += SightingText.number(balance);
            if (SightingText.number(balance) < 0) {
                problems.add("a balance below zero: " + read);
            }
        }
        if (sum != total) {
            problems.add("balances that make " + sum + " (expected: " + total + "): " + read);
        }
        Call other = byRevision.putIfAbsent(read.number("at"), read);
        if (other != null && !String.valueOf(other.answer()).equals(String.valueOf(read.answer()))) {
            problems.add("two reads of one revision that differ: " + other + " and " + read);
        }
    }

    private static boolean noneCompacts(List<Call> calls, Call read, long asked) {
        return calls.stream()
                .noneMatch(call -> call.f().equals("compact")
                        && call.begin().index() < read.endIndex()
                        && call.argument() instanceof Long revision
                        && revision > asked);
    }
}
