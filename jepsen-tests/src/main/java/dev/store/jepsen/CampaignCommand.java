package dev.store.jepsen;

import dev.store.jepsen.nemesis.FaultGroup;
import dev.store.jepsen.run.Cell;
import dev.store.jepsen.run.Outcome;
import dev.store.jepsen.run.Runner;
import dev.store.jepsen.run.Tampering;
import dev.store.jepsen.run.WorkloadKind;
import dev.store.jepsen.series.Campaign;
import dev.store.jepsen.series.CampaignPlan;
import dev.store.jepsen.series.Plans;
import dev.store.jepsen.series.Series;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "campaign",
        mixinStandardHelpOptions = true,
        description =
                "Does runs of one workload under one fault, each on a fresh cluster, until so many faults have bitten.")
final class CampaignCommand implements Callable<Integer> {
    private static final int DEFAULT_SECONDS = 60;

    @Mixin
    private CellOptions options = new CellOptions();

    @Option(names = "--workload", paramLabel = "NAME", description = "The traffic: register, set, …")
    private @Nullable String workload;

    @Option(names = "--fault", paramLabel = "NAME", description = "What is done to it: kill-leader, power-all, …")
    private @Nullable String fault;

    @Option(names = "--bites", paramLabel = "N", description = "How many faults have to bite in all.")
    private @Nullable Integer bites;

    @Option(names = "--time", paramLabel = "SECONDS", description = "How long each round is. Default: 60.")
    private @Nullable Integer seconds;

    @Option(
            names = "--resume",
            paramLabel = "FOLDER",
            description = "Goes on with the campaign in this folder: rounds that showed nothing are done again.")
    private @Nullable Path resume;

    @Override
    public Integer call() {
        CampaignPlan plan = resume == null ? plan() : resumed(resume);
        Path folder = resume == null
                ? options.folder("campaign-" + plan.workload().word() + "-"
                        + plan.faults().word())
                : resume;
        if (resume == null) {
            plan.keep(folder);
        }
        Runner runner = new Runner(System.out, !plan.loopback(), Tampering.NONE);
        runner.prepare();
        Campaign campaign = new Campaign(plan);
        Series series =
                new Series(folder, (cell, place) -> runner.run(cell, place).toRecord(), System.out);
        boolean enough = campaign.run(series);
        int exitCode = series.finish();
        System.out.println(campaign.bites() + " faults have bitten (wanted: " + plan.bites() + ")");
        return exitCode == 0 && !enough ? Outcome.Status.INVALID_RUN.exitCode() : exitCode;
    }

    private CampaignPlan plan() {
        if (workload == null || fault == null || bites == null) {
            throw new IllegalArgumentException(
                    "--workload, --fault and --bites: not all are there (expected: all three," + " or --resume)");
        }
        FaultGroup faults = FaultGroup.of(fault);
        if (bites < 1 || faults == FaultGroup.NONE) {
            throw new IllegalArgumentException(
                    "--bites: " + bites + " of " + fault + " (expected: at least 1, of a fault that bites)");
        }
        CellOptions.requirePossible(faults);
        int time = seconds == null ? DEFAULT_SECONDS : seconds;
        Cell first = options.cell(WorkloadKind.of(workload), faults, time, options.seed());
        return new CampaignPlan(
                first.workload(), faults, bites, time, first.nodes(), first.seed(), !options.namespaces());
    }

    private CampaignPlan resumed(Path folder) {
        CampaignPlan plan = CampaignPlan.of(folder);
        Plans.same("--workload", workload, plan.workload().word());
        Plans.same("--fault", fault, plan.faults().word());
        Plans.same("--bites", bites, plan.bites());
        Plans.same("--time", seconds, plan.seconds());
        options.requireSame(plan.nodes(), plan.seed(), plan.loopback());
        return plan;
    }
}
