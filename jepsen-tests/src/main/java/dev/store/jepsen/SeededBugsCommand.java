package dev.store.jepsen;

import dev.store.jepsen.run.Runner;
import dev.store.jepsen.run.Tampering;
import dev.store.jepsen.seed.SeededBugs;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "seeded-bugs",
        mixinStandardHelpOptions = true,
        description = "Puts defects into the nodes, one after the other, and shows that each is found.")
final class SeededBugsCommand implements Callable<Integer> {
    @Mixin
    private CellOptions options = new CellOptions();

    @Option(names = "--only", paramLabel = "REGEX", defaultValue = ".*", description = "Only those whose name matches.")
    private Pattern only = Pattern.compile(".*");

    @Option(
            names = "--time",
            paramLabel = "SECONDS",
            defaultValue = "20",
            description = "How long each run is; some defects are given longer. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--attempts",
            paramLabel = "N",
            defaultValue = "5",
            description = "Runs, each with another seed, that a defect may need. Default: ${DEFAULT-VALUE}.")
    private int attempts;

    @Override
    public Integer call() {
        new Runner(System.out, options.namespaces(), Tampering.NONE).prepare();
        List<SeededBugs.Catch> catches = new SeededBugs(System.out, options.namespaces(), seconds, attempts)
                .run(only, options.seed(), options.folder("seeded-bugs"));
        long caught = catches.stream().filter(SeededBugs.Catch::caught).count();
        System.out.println();
        catches.forEach(System.out::println);
        System.out.println(caught + " of " + catches.size() + " seeded bugs caught");
        return caught == catches.size() ? 0 : 1;
    }
}
