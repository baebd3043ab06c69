package dev.store.jepsen.seed;

import dev.store.jepsen.run.Cell;
import dev.store.jepsen.run.Outcome;
import dev.store.jepsen.run.Runner;
import dev.store.jepsen.run.Tampering;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Puts one defect after the other into a cluster, and shows that the run finds it. */
public final class SeededBugs {
    private static final int NODES = 3;

    private final PrintStream out;
    private final boolean namespaces;
    private final int seconds;
    private final int attempts;

    /**
     * Such a test.
     *
     * @param out for progress
     * @param namespaces whether nodes may be put in network namespaces
     * @param seconds how long each run is
     * @param attempts how many runs, each with another seed, a defect may need
     */
    public SeededBugs(PrintStream out, boolean namespaces, int seconds, int attempts) {
        this.out = out;
        this.namespaces = namespaces;
        this.seconds = seconds;
        this.attempts = attempts;
    }

    /**
     * What became of a defect.
     *
     * @param name which
     * @param caught whether a run found it
     * @param runs how many runs that took
     * @param how what was found, in words
     */
    public record Catch(String name, boolean caught, int runs, String how) {
        @Override
        public String toString() {
            String first = how.lines()
                    .limit(2)
                    .reduce("", (a, b) -> a + " " + b.strip())
                    .strip();
            return (caught ? "caught " : "MISSED ") + name + " in " + runs + " runs: "
                    + (first.length() > 240 ? first.substring(0, 239) + "…" : first);
        }
    }

    /** Tries all whose name matches and whose faults can be done here. */
    public List<Catch> run(Pattern only, long seed, Path folder) {
        List<Catch> catches = new ArrayList<>();
        for (SeededBug bug : SeededBug.values()) {
            String name = bug.name().toLowerCase(Locale.ROOT).replace('_', '-');
            if (!only.matcher(name).matches()) {
                continue;
            }
            if (!bug.faults().obstacle().isEmpty()) {
                out.println(name + " is left out: " + bug.faults().obstacle());
                continue;
            }
            Catch found = hunt(bug, name, seed, folder.resolve(name));
            out.println(found);
            catches.add(found);
        }
        if (catches.isEmpty()) {
            throw new IllegalArgumentException("--only " + only + " (expected: a pattern that one of these matches: "
                    + Arrays.toString(SeededBug.values()) + ")");
        }
        return catches;
    }

    private Catch hunt(SeededBug bug, String name, long seed, Path folder) {
        Path classes = Patch.compile(bug.edits(), folder);
        Runner runner = new Runner(out, namespaces, new Tampering(List.of(classes), bug.lyingSyncs()));
        String last = "";
        for (int i = 1; i <= attempts; i++) {
            int time = Math.max(seconds, bug.leastSeconds());
            Cell cell = new Cell(bug.workload(), bug.faults(), time, NODES, seed + i);
            Outcome outcome = runner.run(cell, folder.resolve("run-" + i));
            last = String.join("\n", outcome.reasons());
            if (outcome.status() == Outcome.Status.VIOLATION) {
                return new Catch(name, true, i, last);
            }
        }
        return new Catch(name, false, attempts, last);
    }
}
