package dev.store.jepsen.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The commands of a page of docs, each with the output that the page shows for it. */
public final class Tutorial {
    private static final String PROMPT = "$ ";

    private final List<Step> steps = new ArrayList<>();

    /**
     * One command.
     *
     * @param command what is typed
     * @param shown lines that the page shows below it, in which "…" stands for anything; none if it shows nothing
     */
    public record Step(String command, List<String> shown) {
        /** Whether the page says that this is refused. */
        public boolean isRefused() {
            return shown.stream().anyMatch(line -> line.startsWith("store: "));
        }

        /** What the output is to look like; anything if the page shows nothing. */
        public Pattern pattern() {
            if (shown.isEmpty()) {
                return Pattern.compile("(?s).*");
            }
            StringBuilder regex = new StringBuilder();
            for (String line : shown) {
                for (String part : line.split("…", -1)) {
                    regex.append(Pattern.quote(part)).append(".*");
                }
                regex.setLength(regex.length() - 2);
                regex.append("\n");
            }
            return Pattern.compile(regex.toString());
        }
    }

    private Tutorial(Path page) {
        boolean fenced = false;
        boolean code = false;
        for (String line : lines(page)) {
            if (line.startsWith("```")) {
                fenced = !fenced;
                code = fenced && line.equals("```");
            } else if (code && line.startsWith(PROMPT)) {
                steps.add(new Step(line.substring(PROMPT.length()), new ArrayList<>()));
            } else if (code && !steps.isEmpty()) {
                steps.get(steps.size() - 1).shown().add(line);
            }
        }
    }

    /** Reads a page. */
    public static Tutorial of(Path page) {
        return new Tutorial(page);
    }

    public List<Step> steps() {
        return List.copyOf(steps);
    }

    private static List<String> lines(Path page) {
        try {
            return Files.readAllLines(page);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + page, e);
        }
    }
}
