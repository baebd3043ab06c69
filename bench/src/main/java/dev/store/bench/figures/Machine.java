package dev.store.bench.figures;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Facts about the machine, without which figures say little. */
public final class Machine {
    private Machine() {}

    /** The facts, by name. */
    public static Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("date", Instant.now().truncatedTo(ChronoUnit.MINUTES).toString());
        facts.put("cores", Runtime.getRuntime().availableProcessors());
        facts.put("cpu", processor());
        facts.put("memory_mib", ProcFile.number(lines("/proc/meminfo"), "MemTotal") / 1024);
        facts.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
        facts.put("load_average", String.join("", lines("/proc/loadavg")));
        facts.put("cpu_pressure", String.join("; ", lines("/proc/pressure/cpu")));
        return facts;
    }

    private static String processor() {
        return lines("/proc/cpuinfo").stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(System.getProperty("os.arch"));
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file));
        } catch (IOException e) {
            return List.of();
        }
    }
}
