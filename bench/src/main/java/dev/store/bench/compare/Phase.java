package dev.store.bench.compare;

import java.util.Locale;

/** Under what load a figure was taken. */
enum Phase {
    /** The first ten seconds of a fresh cluster. */
    COLD("cold, first 10 s"),
    /** Each client starts its next operation when the one before has ended. */
    FULL("all it takes"),
    /** Operations fall due on time, at half of what the slowest system took, or at the fixed rate of the work. */
    STEADY("steady rate"),
    /** Something that happens once. */
    ONCE("once");

    private final String title;

    Phase(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** Its name for programs. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
