package dev.store.bench.compare;

import dev.store.bench.load.LoadSettings;
import dev.store.bench.work.Job;
import dev.store.bench.work.Stage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What is compared, and how.
 *
 * @param home root of the checkout whose server is measured
 * @param peers the systems; the first is what the others are compared with
 * @param jobs what each is asked to do, in this order within a stage
 * @param blocks how often
 * @param times how long
 * @param sizes how much
 */
public record Setup(Path home, List<Peer> peers, List<Job> jobs, int blocks, Times times, Sizes sizes) {
    /** A cluster's start and end, and the look whether the machine is idle. */
    private static final int START_SECONDS = 12;
    /** Keys that are put before. */
    private static final int FILLED_PER_SECOND = 10_000;
    /** Most of what happens once; leases take longer. */
    private static final int EVENT_SECONDS = 6;

    public Setup {
        peers = List.copyOf(peers);
        jobs = List.copyOf(jobs);
        if (peers.isEmpty()) {
            throw new IllegalArgumentException("systems: none (expected: at least one)");
        }
        if (peers.stream().distinct().count() < peers.size()) {
            throw new IllegalArgumentException("systems: " + peers + " (expected: each once)");
        }
        if (jobs.isEmpty()) {
            throw new IllegalArgumentException("workloads: none (expected: at least one)");
        }
        if (blocks < 1) {
            throw new IllegalArgumentException("blocks: " + blocks + " (expected: at least 1)");
        }
    }

    /**
     * How long load is put on.
     *
     * @param fresh before the first measured stretch on a cluster
     * @param warmUp before every other one
     * @param measured a measured stretch
     */
    public record Times(Duration fresh, Duration warmUp, Duration measured) {}

    /**
     * How much is written.
     *
     * @param keySpace number of different keys, where a work does not say it
     * @param valueBytes size of a value
     */
    public record Sizes(long keySpace, int valueBytes) {
        /** What is put. */
        LoadSettings settings(long keys, int watchers) {
            return LoadSettings.standard(keys, valueBytes, watchers);
        }
    }

    /** The jobs of a stage. */
    List<Job> jobs(Stage stage) {
        return jobs.stream()
                .filter(job -> job.work().stage() == stage)
                .distinct()
                .toList();
    }

    /** The jobs of a stage by the cluster that they share. */
    List<List<Job>> sharing(Stage stage) {
        List<Job> all = jobs(stage);
        if (stage != Stage.FILLED) {
            return all.isEmpty() ? List.of() : List.of(all);
        }
        return List.copyOf(all.stream()
                .collect(Collectors.groupingBy(Job::count, LinkedHashMap::new, Collectors.toList()))
                .values());
    }

    /** The system that the others are compared with. */
    Peer base() {
        return peers.get(0);
    }

    /** About how long it takes, if nothing else keeps the machine busy. */
    public Duration estimate() {
        long seconds = 0;
        for (Job job : jobs) {
            long steady = times.warmUp().toSeconds() / 2 + times.measured().toSeconds();
            seconds += job.work().stage() == Stage.EVENT
                    ? blocks * (START_SECONDS + times.fresh().toSeconds() + EVENT_SECONDS)
                    : blocks * times.warmUp().plus(times.measured()).toSeconds() + (blocks - 1) * steady;
        }
        for (Stage stage : List.of(Stage.READS, Stage.WRITES, Stage.FILLED)) {
            for (List<Job> shared : sharing(stage)) {
                long keys = stage == Stage.FILLED ? shared.get(0).count() : 0;
                seconds += blocks
                        * (START_SECONDS
                                + keys / FILLED_PER_SECOND
                                + times.fresh().toSeconds());
            }
        }
        return Duration.ofSeconds(seconds * peers.size());
    }

    /** For programs. */
    Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        Map<String, Object> systems = new LinkedHashMap<>();
        peers.forEach(peer -> systems.put(peer.label(), peer.description()));
        map.put("systems", systems);
        map.put("base", base().label());
        map.put("blocks", blocks);
        map.put("warm_up_fresh_seconds", times.fresh().toSeconds());
        map.put("warm_up_seconds", times.warmUp().toSeconds());
        map.put("measured_seconds", times.measured().toSeconds());
        map.put("key_space", sizes.keySpace());
        map.put("key_bytes", 8);
        map.put("value_bytes", sizes.valueBytes());
        return map;
    }
}
