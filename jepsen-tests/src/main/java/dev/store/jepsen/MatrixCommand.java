package dev.store.jepsen;

import dev.store.jepsen.nemesis.FaultGroup;
import dev.store.jepsen.report.Page;
import dev.store.jepsen.run.Cell;
import dev.store.jepsen.run.Outcome;
import dev.store.jepsen.run.Runner;
import dev.store.jepsen.run.Tampering;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "matrix",
        mixinStandardHelpOptions = true,
        description = "Does many runs, workloads by faults, and draws a page of all of them.")
final class MatrixCommand implements Callable<Integer> {
    @Mixin
    private CellOptions options = new CellOptions();

    @Option(
            names = "--tier",
            defaultValue = "QUICK",
            description = "quick, full or release. Default: quick.",
            converter = TierConverter.class)
    private Tier tier = Tier.QUICK;

    @Option(
            names = "--only",
            paramLabel = "REGEX",
            defaultValue = ".*",
            description = "Only cells whose name workload:fault matches.")
    private Pattern only = Pattern.compile(".*");

    @Option(names = "--time", paramLabel = "SECONDS", description = "How long each; the tier decides if not said.")
    private @Nullable Integer seconds;

    @Override
    public Integer call() {
        Runner runner = new Runner(System.out, options.namespaces(), Tampering.NONE);
        runner.tidy();
        long seed = options.seed();
        Path folder = options.folder("matrix");
        List<Page.Section> sections = new ArrayList<>();
        int exitCode = 0;
        for (Cell cell : cells(seed)) {
            Path place = folder.resolve(cell.name());
            Outcome outcome = runner.run(cell, place);
            Page.Section section = RunPage.of(outcome, place);
            sections.add(section);
            String unused = Page.write(List.of(section), place);
            // Again after each cell: whoever stops it half way has a page of the first half.
            System.out.println(Page.write(sections, folder));
            exitCode = exitCode == Outcome.Status.VIOLATION.exitCode()
                    ? exitCode
                    : Math.max(exitCode, outcome.status().exitCode());
            if (outcome.status() == Outcome.Status.VIOLATION) {
                exitCode = Outcome.Status.VIOLATION.exitCode();
            }
        }
        long valid = sections.stream()
                .filter(section -> section.status().equals(Outcome.Status.VALID.name()))
                .count();
        System.out.println(valid + " of " + sections.size() + " cells valid");
        return exitCode;
    }

    private List<Cell> cells(long seed) {
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < tier.seeds(); i++) {
            for (Tier.Pair pair : tier.pairs()) {
                FaultGroup faults = pair.faults();
                if (!only.matcher(pair.toString()).matches()) {
                    continue;
                }
                if (!faults.obstacle().isEmpty() && faults != FaultGroup.ALL) {
                    System.out.println(pair + " is left out: " + faults.obstacle());
                    continue;
                }
                int time = seconds == null ? tier.seconds() : seconds;
                cells.add(options.cell(pair.workload(), faults, time, seed + i));
            }
        }
        if (cells.isEmpty()) {
            throw new IllegalArgumentException("--only " + only + " (expected: a pattern that some cell matches)");
        }
        return cells;
    }
}
