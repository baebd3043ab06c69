package dev.store.jepsen;

import dev.store.jepsen.check.Verdict;
import dev.store.jepsen.history.History;
import dev.store.jepsen.run.Judge;
import dev.store.jepsen.run.Outcome;
import dev.store.jepsen.run.Runner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Judges a history that an earlier run has kept.")
final class CheckCommand implements Callable<Integer> {
    @Parameters(paramLabel = "HISTORY", description = "A history.edn.")
    private Path file = Path.of("history.edn");

    @Override
    public Integer call() {
        History history = History.read(file);
        List<Verdict> verdicts = Judge.verdicts(history);
        verdicts.forEach(System.out::println);
        Outcome.Status status = Runner.worst(verdicts, new ArrayList<>());
        System.out.println(status);
        return status.exitCode();
    }
}
