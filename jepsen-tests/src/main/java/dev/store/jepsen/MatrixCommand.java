package dev.store.jepsen;

import dev.store.jepsen.nemesis.FaultGroup;
import dev.store.jepsen.run.Cell;
import dev.store.jepsen.run.Runner;
import dev.store.jepsen.run.Tampering;
import dev.store.jepsen.series.MatrixPlan;
import dev.store.jepsen.series.Plans;
import dev.store.jepsen.series.Series;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
    private static final Pattern ALL = Pattern.compile(".*");

    @Mixin
    private CellOptions options = new CellOptions();

    @Option(names = "--tier", description = "quick, full or release. Default: quick.", converter = TierConverter.class)
    private @Nullable Tier tier;

    @Option(
            names = "--only",
            paramLabel = "REGEX",
            description = "Only cells whose name workload:fault matches. Default: all.")
    private @Nullable Pattern only;

    @Option(names = "--time", paramLabel = "SECONDS", description = "How long each; the tier decides if not said.")
    private @Nullable Integer seconds;

    @Option(
            names = "--resume",
            paramLabel = "FOLDER",
            description =
                    "Goes on with the matrix in this folder: what is missing is done, and what showed nothing is done"
                            + " again.")
    private @Nullable Path resume;

    @Override
    public Integer call() {
        MatrixPlan plan = resume == null ? plan() : resumed(resume);
        Path folder = resume == null ? options.folder("matrix") : resume;
        if (resume == null) {
            plan.keep(folder);
        }
        Runner runner = new Runner(System.out, !plan.loopback(), Tampering.NONE);
        runner.prepare();
        Series series =
                new Series(folder, (cell, place) -> runner.run(cell, place).toRecord(), System.out);
        plan.cells().forEach(series::take);
        return series.finish();
    }

    private MatrixPlan plan() {
        Tier chosen = tier == null ? Tier.QUICK : tier;
        Pattern pattern = only == null ? ALL : only;
        int time = seconds == null ? chosen.seconds() : seconds;
        long seed = options.seed();
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < chosen.seeds(); i++) {
            for (Tier.Pair pair : chosen.pairs()) {
                FaultGroup faults = pair.faults();
                if (!pattern.matcher(pair.toString()).matches()) {
                    continue;
                }
                if (!faults.obstacle().isEmpty() && faults != FaultGroup.ALL) {
                    System.out.println(pair + " is left out: " + faults.obstacle());
                    continue;
                }
                cells.add(options.cell(pair.workload(), faults, time, seed + i));
            }
        }
        if (cells.isEmpty()) {
            throw new IllegalArgumentException("--only " + pattern + " (expected: a pattern that some cell matches)");
        }
        return new MatrixPlan(
                word(chosen), pattern.pattern(), time, options.nodes(), seed, !options.namespaces(), cells);
    }

    private MatrixPlan resumed(Path folder) {
        MatrixPlan plan = MatrixPlan.of(folder);
        Plans.same("--tier", tier == null ? null : word(tier), plan.tier());
        Plans.same("--only", only == null ? null : only.pattern(), plan.only());
        Plans.same("--time", seconds, plan.seconds());
        options.requireSame(plan.nodes(), plan.seed(), plan.loopback());
        return plan;
    }

    private static String word(Tier tier) {
        return tier.name().toLowerCase(Locale.ROOT);
    }
}
