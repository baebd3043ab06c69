package dev.store.jepsen.nemesis;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.store.jepsen.cluster.RigException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what {@code store watch -o json} prints. */
final class WatchOutput {
    private WatchOutput() {}

    /** Whether the watch exists. */
    static boolean begun(List<String> lines) {
        return lines.stream().anyMatch(line -> document("created", line).isPresent());
    }

    /** Revisions of the puts, in the order in which they were printed. */
    static List<Long> revisions(List<String> lines) {
        List<Long> revisions = new ArrayList<>();
        for (String line : lines) {
            document("put", line)
                    .ifPresent(event -> revisions.add(event.get("revision").getAsLong()));
        }
        return revisions;
    }

    /** The last revision; 0 if there is none. */
    static long last(List<Long> revisions) {
        return revisions.isEmpty() ? 0 : revisions.get(revisions.size() - 1);
    }

    /**
     * Holds the output of a watcher against what was written while it watched.
     *
     * @param watcher its name, for messages
     * @param written revisions of acknowledged puts, in order; an attempt without an answer may have made others in between
     * @param lines all that it printed
     * @return what it was told, in words
     * @throws RigException if it was told something twice, out of order, or not at all, unless it said that what it still
     *     had to read was compacted
     */
    static String judge(String watcher, List<Long> written, List<String> lines) {
        List<Long> told = revisions(lines);
        for (int i = 1; i < told.size(); i++) {
            if (told.get(i) <= told.get(i - 1)) {
                throw new RigException(watcher + " was told of revision " + told.get(i) + " after " + told.get(i - 1));
            }
        }
        long last = last(told);
        for (long revision : written) {
            if (revision <= last && !told.contains(revision)) {
                throw new RigException(watcher + " was never told of revision " + revision + ", but of " + last);
            }
        }
        if (last >= last(written)) {
            return watcher + " was told of all " + written.size() + " revisions";
        }
        if (lines.stream().noneMatch(line -> line.contains("\"COMPACTED\""))) {
            throw new RigException(watcher + " ended at revision " + last + " of " + last(written) + ": "
                    + (lines.isEmpty() ? "" : lines.get(lines.size() - 1)));
        }
        return watcher + " was told of all revisions up to " + last + ", and that more was compacted,";
    }

    /** The line as a document of this type; none for others, for messages, and for a line that is not complete yet. */
    private static Optional<JsonObject> document(String type, String line) {
        if (!line.startsWith("{")) {
            return Optional.empty();
        }
        try {
            JsonObject document = JsonParser.parseString(line).getAsJsonObject();
            return document.has("type") && document.get("type").getAsString().equals(type)
                    ? Optional.of(document)
                    : Optional.empty();
        } catch (JsonParseException e) {
            return Optional.empty();
        }
    }
}
