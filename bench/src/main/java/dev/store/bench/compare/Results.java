package dev.store.bench.compare;

import dev.store.bench.work.Job;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What came out so far. */
final class Results {
    private final Setup setup;
    private final List<Sample> samples = new ArrayList<>();
    private final Map<Peer, Set<Job>> without = new LinkedHashMap<>();
    private final List<Failure> failures = new ArrayList<>();

    Results(Setup setup) {
        this.setup = setup;
    }

    /** A line of the comparison. */
    record Line(Job job, Phase phase) {}

    /** What gave an error instead of a figure. */
    record Failure(int block, Peer peer, String what, String message) {}

    void add(Sample sample) {
        samples.add(sample);
    }

    /** The system has nothing close to the job. */
    void hasNone(Peer peer, Job job) {
        without.computeIfAbsent(peer, any -> new LinkedHashSet<>()).add(job);
    }

    boolean isWithout(Peer peer, Job job) {
        return without.getOrDefault(peer, Set.of()).contains(job);
    }

    void failed(int block, Peer peer, String what, String message) {
        failures.add(new Failure(block, peer, what, message));
    }

    List<Failure> failures() {
        return List.copyOf(failures);
    }

    Setup setup() {
        return setup;
    }

    /** The lines that have figures, in the order of the jobs. */
    List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        for (Job job : setup.jobs().stream().distinct().toList()) {
            for (Phase phase : Phase.values()) {
                if (samples.stream().anyMatch(sample -> sample.job().equals(job) && sample.phase() == phase)) {
                    lines.add(new Line(job, phase));
                }
            }
        }
        return lines;
    }

    /** A figure of a system over all blocks; empty if it has none. */
    Optional<Spread> figure(Line line, Peer peer, Metric metric) {
        List<Double> values = new ArrayList<>(byBlock(line, peer, metric).values());
        return values.isEmpty() ? Optional.empty() : Optional.of(Spread.of(values));
    }

    /** How many times the base system's figure a system's is, block by block; empty if no block has both. */
    Optional<Spread> ratio(Line line, Peer peer, Metric metric) {
        Map<Integer, Double> base = byBlock(line, setup.base(), metric);
        List<Double> ratios = new ArrayList<>();
        byBlock(line, peer, metric).forEach((block, value) -> {
            double other = base.getOrDefault(block, 0.0);
            if (other > 0) {
                ratios.add(value / other);
            }
        });
        return ratios.isEmpty() ? Optional.empty() : Optional.of(Spread.of(ratios));
    }

    /** The least that any system did in a second in a block, of those that do the job at all; 0 if none did. */
    double slowest(Job job, int block) {
        return samples.stream()
                .filter(sample -> sample.job().equals(job) && sample.phase() == Phase.FULL && sample.block() == block)
                .mapToDouble(sample -> sample.values().getOrDefault(Metric.PER_SECOND, 0.0))
                .min()
                .orElse(0);
    }

    /** Everything, for programs. */
    Map<String, Object> asMap(Map<String, Object> machine) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("machine", machine);
        map.put("setup", setup.asMap());
        map.put("summary", lines().stream().map(this::summary).toList());
        map.put("samples", samples.stream().map(Results::asMap).toList());
        map.put("failures", failures.stream().map(Results::asMap).toList());
        return map;
    }

    private Map<String, Object> summary(Line line) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("workload", line.job().label());
        map.put("phase", line.phase().key());
        for (Peer peer : setup.peers()) {
            Map<String, Object> figures = new LinkedHashMap<>();
            for (Metric metric : Metric.values()) {
                figure(line, peer, metric).ifPresent(figure -> {
                    Map<String, Object> both = new LinkedHashMap<>(asMap(figure));
                    if (peer != setup.base()) {
                        ratio(line, peer, metric).ifPresent(ratio -> both.put("ratio_to_base", asMap(ratio)));
                    }
                    figures.put(metric.key(), both);
                });
            }
            map.put(peer.label(), isWithout(peer, line.job()) ? "no close form" : figures);
        }
        return map;
    }

    private static Map<String, Object> asMap(Spread spread) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("median", spread.median());
        map.put("min", spread.min());
        map.put("max", spread.max());
        return map;
    }

    private static Map<String, Object> asMap(Sample sample) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("block", sample.block());
        map.put("system", sample.peer().label());
        map.put("workload", sample.job().label());
        map.put("phase", sample.phase().key());
        sample.values().forEach((metric, value) -> map.put(metric.key(), value));
        return map;
    }

    private static Map<String, Object> asMap(Failure failure) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("block", failure.block());
        map.put("system", failure.peer().label());
        map.put("what", failure.what());
        map.put("message", failure.message());
        return map;
    }

    private Map<Integer, Double> byBlock(Line line, Peer peer, Metric metric) {
        Map<Integer, Double> values = new LinkedHashMap<>();
        for (Sample sample : samples) {
            Double value = sample.values().get(metric);
            if (value != null
                    && sample.peer() == peer
                    && sample.job().equals(line.job())
                    && sample.phase() == line.phase()) {
                values.put(sample.block(), value);
            }
        }
        return values;
    }
}
