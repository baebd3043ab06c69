package dev.store.jepsen.nemesis;

import java.util.Arrays;
import java.util.Optional;

/** How a node came back whose files were damaged. */
public enum Recovery {
    /** It started and could read everything. */
    BY_ITSELF("back by itself"),
    /** It said that it cannot use its data, and stopped. */
    STOPPED("stopped with"),
    /** It started, but a file that it does not need for that is damaged. */
    UNREADABLE("serves, but cannot read all that it has");

    private final String words;

    Recovery(String words) {
        this.words = words;
    }

    /** How the log of faults begins to say so. */
    String words() {
        return words;
    }

    /** What a line of the log of faults says; empty if it is not about this. */
    public static Optional<Recovery> in(String line) {
        return Arrays.stream(values())
                .filter(recovery -> line.contains(recovery.words))
                .findFirst();
    }
}
