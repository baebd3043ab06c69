package dev.store.jepsen.check;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sightings and changes as values that a history can hold. */
public final class SightingText {
    private SightingText() {}

    /** A list of lists, each with its kind first. */
    public static List<Object> write(List<Sighting> sightings) {
        List<Object> all = new ArrayList<>();
        for (Sighting sighting : sightings) {
            if (sighting instanceof Sighting.Began began) {
                all.add(List.of("began", began.startRevision()));
            } else if (sighting instanceof Sighting.Events events) {
                all.add(List.of("events", events.fragment(), writeChanges(events.changes())));
            } else if (sighting instanceof Sighting.Progress progress) {
                all.add(List.of("progress", progress.revision()));
            } else if (sighting instanceof Sighting.Compacted compacted) {
                all.add(List.of("compacted", compacted.compactRevision()));
            }
        }
        return all;
    }

    /** A list of revision, key and value; a deletion has no value. */
    public static List<Object> writeChanges(List<Change> changes) {
        List<Object> all = new ArrayList<>();
        for (Change change : changes) {
            String value = change.value();
            all.add(
                    value == null
                            ? List.of(change.revision(), change.key())
                            : List.of(change.revision(), change.key(), value));
        }
        return all;
    }

    /** The sightings of such a list; throws IllegalArgumentException if it is none. */
    public static List<Sighting> read(@Nullable Object value) {
        List<Sighting> sightings = new ArrayList<>();
        for (Object item : list(value)) {
            List<?> parts = list(item);
            String kind = String.valueOf(parts.get(0));
            sightings.add(
                    switch (kind) {
                        case "began" -> new Sighting.Began(number(parts.get(1)));
                        case "events" ->
                            new Sighting.Events(readChanges(parts.get(2)), Boolean.TRUE.equals(parts.get(1)));
                        case "progress" -> new Sighting.Progress(number(parts.get(1)));
                        case "compacted" -> new Sighting.Compacted(number(parts.get(1)));
                        default -> throw new IllegalArgumentException(kind + " (expected: a kind of sighting)");
                    });
        }
        return sightings;
    }

    /** The changes of such a list; throws IllegalArgumentException if it is none. */
    public static List<Change> readChanges(@Nullable Object value) {
        List<Change> changes = new ArrayList<>();
        for (Object item : list(value)) {
            List<?> parts = list(item);
            changes.add(new Change(
                    number(parts.get(0)),
                    String.valueOf(parts.get(1)),
                    parts.size() > 2 ? String.valueOf(parts.get(2)) : null));
        }
        return changes;
    }

    static List<?> list(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException(value + " (expected: a list)");
    }

    static long number(@Nullable Object value) {
        if (value instanceof Long number) {
            return number;
        }
        throw new IllegalArgumentException(value + " (expected: an integer)");
    }
}
