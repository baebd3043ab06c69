package dev.store.bench;

import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bench micro}: JMH on the inner parts. */
@Command(
        name = "micro",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Runs the micro-benchmarks whose name matches.")
final class MicroCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", defaultValue = ".*", description = "Regular expression.")
    private String regex = ".*";

    @Option(names = "--forks", description = "JVMs for each benchmark.")
    private int forks = 1;

    @Option(names = "--iterations", description = "Measured iterations in each JVM; half as many before to warm up.")
    private int iterations = 6;

    @Option(names = "--seconds", description = "Length of an iteration.")
    private int seconds = 1;

    @Option(names = "--profiler", description = "Such as gc or stack.")
    private String profiler = "";

    @Override
    public Integer call() throws RunnerException {
        OptionsBuilder options = new OptionsBuilder();
        options.include("dev\\.store\\..*" + regex)
                .forks(forks)
                // Not added to those of this process, which name another collector.
                .jvmArgs("-Xmx512m", "-XX:+UseSerialGC")
                .shouldFailOnError(true)
                .warmupIterations(Math.max(1, iterations / 2))
                .warmupTime(TimeValue.seconds(seconds))
                .measurementIterations(iterations)
                .measurementTime(TimeValue.seconds(seconds));
        if (!profiler.isEmpty()) {
            options.addProfiler(profiler);
        }
        new Runner(options.build()).run();
        return 0;
    }
}
