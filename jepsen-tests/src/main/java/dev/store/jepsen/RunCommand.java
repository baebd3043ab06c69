package dev.store.jepsen;

import dev.store.jepsen.nemesis.FaultGroup;
import dev.store.jepsen.report.Page;
import dev.store.jepsen.run.Cell;
import dev.store.jepsen.run.Outcome;
import dev.store.jepsen.run.Runner;
import dev.store.jepsen.run.Tampering;
import dev.store.jepsen.run.WorkloadKind;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Starts a cluster, puts traffic on it, hurts it, and checks what it did.")
final class RunCommand implements Callable<Integer> {
    @Mixin
    private CellOptions options = new CellOptions();

    @Option(names = "--workload", required = true, paramLabel = "NAME", description = "The traffic: register, set, …")
    private String workload = "";

    @Option(names = "--fault", required = true, paramLabel = "NAME", description = "What is done to it: kill, pause, …")
    private String fault = "";

    @Option(
            names = "--time",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Override
    public Integer call() {
        FaultGroup faults = FaultGroup.of(fault);
        Cell cell = options.cell(WorkloadKind.of(workload), faults, seconds, options.seed());
        CellOptions.requirePossible(faults);
        Runner runner = new Runner(System.out, options.namespaces(), Tampering.NONE);
        runner.prepare();
        Path folder = options.folder(cell.name());
        Outcome outcome = runner.run(cell, folder);
        System.out.println(Page.write(List.of(Page.Section.of(outcome.toRecord(), folder)), folder));
        return outcome.status().exitCode();
    }
}
