package dev.store.bench;

import dev.store.bench.figures.Json;
import dev.store.bench.figures.Machine;
import dev.store.bench.report.Report;
import dev.store.bench.report.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bench report}: the fixed set that docs/performance.md shows. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Measures the fixed set on fresh three-node clusters and writes it to a file.")
final class ReportCommand implements Callable<Integer> {
    @Parameters(arity = "0..*", description = "Sections: throughput, single, faces, memory. Without any: all.")
    private List<String> sections = List.of();

    @Option(names = "--seconds", description = "How long each workload is measured.")
    private int seconds = 20;

    @Option(names = "--warmup", description = "Seconds before that.")
    private int warmUp = 20;

    @Option(names = "--keys", description = "Keys of the section memory.")
    private long keys = 1_000_000;

    @Option(names = "--jvm", description = "Replaces the nodes' memory and collector flags.")
    private String jvmOptions = "";

    @Option(names = "--file", description = "Where to write the report (Markdown); the same as JSON goes beside it.")
    private Path file = Path.of("target", "bench-report.md");

    @Override
    public Integer call() throws IOException {
        Report report = new Report(
                Home.find(), jvmOptions, Duration.ofSeconds(warmUp), Duration.ofSeconds(seconds), keys, System.err);
        for (Section section : wanted()) {
            report.measure(section);
        }
        String text = report.markdown(Machine.facts());
        Path target = file.toAbsolutePath();
        Files.createDirectories(target.getParent());
        Files.writeString(target, text);
        Files.writeString(
                target.resolveSibling(target.getFileName() + ".json"), Json.of(report.asMap(Machine.facts())) + "\n");
        System.out.println(text);
        System.err.println("bench: written to " + target);
        return 0;
    }

    private Set<Section> wanted() {
        Set<Section> wanted = EnumSet.noneOf(Section.class);
        for (String name : sections) {
            try {
                wanted.add(Section.valueOf(name.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "section: \"" + name + "\" (expected: throughput, single, faces or memory)", e);
            }
        }
        return wanted.isEmpty() ? EnumSet.allOf(Section.class) : wanted;
    }
}
