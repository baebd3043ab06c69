package dev.store.jepsen.run;

import dev.store.jepsen.check.Verdict;
import dev.store.jepsen.cluster.Cluster;
import dev.store.jepsen.cluster.Layout;
import dev.store.jepsen.cluster.Leftovers;
import dev.store.jepsen.cluster.Namespaces;
import dev.store.jepsen.cluster.NoBiteException;
import dev.store.jepsen.cluster.RigException;
import dev.store.jepsen.history.History;
import dev.store.jepsen.history.Recorder;
import dev.store.jepsen.nemesis.FaultGroup;
import dev.store.jepsen.nemesis.Need;
import dev.store.jepsen.report.Figures;
import dev.store.jepsen.report.JsonFile;
import dev.store.jepsen.report.RunRecord;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Does runs, one after the other, and keeps what they leave. */
public final class Runner {
    /** Snapshots and logs so small that all of it happens all the time. */
    private static final Map<String, String> SETTINGS = Map.of(
            "snapshot.log-bytes", "1MiB",
            "snapshot.interval", "3s",
            "snapshot.keep-log-entries", "100",
            "history.keep-time", "0s");

    private final PrintStream out;
    private final boolean namespaces;
    private final Tampering tampering;
    private final Map<String, String> settings;

    /**
     * A runner.
     *
     * @param out for progress
     * @param namespaces whether nodes may be put in network namespaces where this is possible
     * @param tampering what is done to the nodes themselves
     */
    public Runner(PrintStream out, boolean namespaces, Tampering tampering) {
        this.out = out;
        this.namespaces = namespaces;
        this.tampering = tampering;
        this.settings = SETTINGS;
    }

    /** Removes what dead runs have left behind; says what it did. */
    public void prepare() {
        List<String> removed = Leftovers.remove();
        if (!removed.isEmpty()) {
            out.println("removed what dead runs had left: " + removed);
        }
    }

    /** Does a run; its folder holds history, logs, faults and configuration afterwards. */
    public Outcome run(Cell cell, Path folder) {
        Laps laps = new Laps();
        out.println("run " + cell + " -> " + folder);
        Recorder recorder = new Recorder();
        Recorder.Worker about = recorder.worker();
        about.invoke("run", cell.toString(), Map.of("key", cell.workload().word()));
        about.ok(cell.toString(), Map.of());
        List<String> reasons = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        Outcome.Status status = Outcome.Status.VALID;
        try (Cluster cluster = Cluster.start(layout(cell))) {
            if (tampering.lyingSyncs()) {
                cluster.nodes().forEach(node -> node.shim().lieAboutSyncs(true));
            }
            laps.end("start");
            status = play(new Round(cell, cluster, recorder, out), laps, reasons, faults);
            cluster.keepLogs(folder);
        } catch (RigException e) {
            status = Outcome.Status.INVALID_RUN;
            reasons.add("no cluster to begin with: " + e.getMessage());
        }
        laps.end("end");
        History history = recorder.history();
        history.writeTo(folder);
        List<Verdict> verdicts = status == Outcome.Status.VALID ? Judge.verdicts(history) : List.of();
        Figures figures = Figures.of(history);
        if (status == Outcome.Status.VALID) {
            status = weigh(cell, verdicts, figures, reasons);
        }
        laps.end("check");
        Outcome outcome = new Outcome(cell, status, reasons, verdicts, faults, figures, laps.seconds(), laps.millis());
        keep(outcome, folder);
        out.println(outcome.summary());
        return outcome;
    }

    private static Outcome.Status play(Round round, Laps laps, List<String> reasons, List<String> faults) {
        try {
            round.play(laps);
            return Outcome.Status.VALID;
        } catch (NoBiteException e) {
            reasons.add(String.valueOf(e.getMessage()));
            return Outcome.Status.INVALID_RUN;
        } catch (RigException e) {
            reasons.add("the cluster is not as it should be: " + e.getMessage());
            return Outcome.Status.VIOLATION;
        } finally {
            round.close();
            faults.addAll(round.faults());
        }
    }

    private static Outcome.Status weigh(Cell cell, List<Verdict> verdicts, Figures figures, List<String> reasons) {
        Outcome.Status status = worst(verdicts, reasons);
        if (status != Outcome.Status.VALID) {
            return status;
        }
        long least = (long) cell.workload().floor() * cell.seconds() / 2;
        if (figures.ok() < least) {
            reasons.add(
                    "traffic too thin: " + figures.ok() + " operations answered (expected: at least " + least + ")");
            return Outcome.Status.INVALID_RUN;
        }
        if (cell.faults() != FaultGroup.NONE && figures.bites() == 0) {
            reasons.add("no fault bit");
            return Outcome.Status.INVALID_RUN;
        }
        return Outcome.Status.VALID;
    }

    /**
     * What verdicts show together.
     *
     * @param reasons takes those that are not valid, in words
     */
    public static Outcome.Status worst(List<Verdict> verdicts, List<String> reasons) {
        boolean broken = false;
        boolean unknown = false;
        for (Verdict verdict : verdicts) {
            if (!verdict.valid()) {
                reasons.add(verdict.toString());
                broken |= verdict.status() == Verdict.Status.INVALID;
                unknown |= verdict.status() == Verdict.Status.UNKNOWN;
            }
        }
        if (broken) {
            return Outcome.Status.VIOLATION;
        }
        return unknown ? Outcome.Status.INVALID_RUN : Outcome.Status.VALID;
    }

    private Layout layout(Cell cell) {
        Set<Need> needs = cell.faults().needs();
        boolean apart = namespaces && Namespaces.obstacle().isEmpty();
        return new Layout(
                cell.nodes(),
                settings,
                apart || needs.contains(Need.NAMESPACES),
                needs.contains(Need.DISKS),
                needs.contains(Need.SHIMS) || tampering.lyingSyncs(),
                needs.contains(Need.LINKS),
                tampering.classes());
    }

    private static void keep(Outcome outcome, Path folder) {
        try {
            Files.createDirectories(folder);
            Files.write(folder.resolve("faults.log"), outcome.faults());
            List<String> lines = new ArrayList<>();
            lines.add("bin/jepsen run " + outcome.cell());
            lines.add(outcome.summary());
            lines.add(Laps.words(outcome.parts()));
            outcome.verdicts().forEach(verdict -> lines.add(verdict.toString()));
            Files.write(folder.resolve("outcome.txt"), lines);
            // Last: a folder that has it is one of a run that came to its end.
            JsonFile.write(folder.resolve(RunRecord.FILE), outcome.toRecord());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to " + folder, e);
        }
    }
}
