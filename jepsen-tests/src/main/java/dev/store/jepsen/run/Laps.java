package dev.store.jepsen.run;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** How long each part of a run took, so that it can be seen what is no traffic. Used by one thread. */
final class Laps {
    private final Map<String, Long> millis = new LinkedHashMap<>();
    private final long start = System.nanoTime();
    private long last = start;

    /** A part ends here, and the next one begins. */
    void end(String part) {
        long now = System.nanoTime();
        millis.merge(part, TimeUnit.NANOSECONDS.toMillis(now - last), Long::sum);
        last = now;
    }

    /** Milliseconds by part, in order. */
    Map<String, Long> millis() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(millis));
    }

    long seconds() {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
    }

    static String words(Map<String, Long> millis) {
        return millis.entrySet().stream()
                .map(part -> String.format(Locale.ROOT, "%s %.1f s", part.getKey(), part.getValue() / 1e3))
                .collect(Collectors.joining(", "));
    }
}
