package dev.store.jepsen.check;

import java.util.List;

/**
 * What a checker says about a history. Only {@link Status#VALID} is a pass: a checker that could not finish has shown
 * nothing.
 *
 * @param checker who says it
 * @param status what it says
 * @param problems what is wrong, in words, the first one first
 */
public record Verdict(String checker, Status status, List<String> problems) {
    private static final int SHOWN = 10;

    public Verdict {
        problems = List.copyOf(problems);
    }

    /** How a check ends. */
    public enum Status {
        /** The promise was kept. */
        VALID,
        /** The promise was broken. */
        INVALID,
        /** The checker ran out of time. */
        UNKNOWN
    }

    static Verdict of(String checker, List<String> problems) {
        return new Verdict(checker, problems.isEmpty() ? Status.VALID : Status.INVALID, problems);
    }

    /** Whether the promise was shown to be kept. */
    public boolean valid() {
        return status == Status.VALID;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(checker).append(": ").append(status);
        problems.stream().limit(SHOWN).forEach(problem -> text.append("\n  ").append(problem));
        if (problems.size() > SHOWN) {
            text.append("\n  and ").append(problems.size() - SHOWN).append(" more");
        }
        return text.toString();
    }
}
