package dev.store.bench.compare;

import dev.store.bench.figures.Json;
import dev.store.bench.figures.Machine;
import dev.store.bench.work.Job;
import dev.store.bench.work.Stage;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Measures the systems of a setup side by side, one cluster at a time. */
public final class Comparison {
    private final Setup setup;
    private final PrintStream progress;
    private final Results results;
    private final Map<String, Object> machine = new LinkedHashMap<>();

    /** A comparison that tells on a stream how far it is. */
    public Comparison(Setup setup, PrintStream progress) {
        this.setup = setup;
        this.progress = progress;
        this.results = new Results(setup);
        machine.putAll(Machine.facts());
        machine.putAll(Versions.of(setup));
    }

    /**
     * Measures all blocks.
     *
     * @param afterBlock is run after each, so that what has been measured can be kept
     */
    public void run(Runnable afterBlock) {
        for (int block = 1; block <= setup.blocks(); block++) {
            for (Stage stage : Stage.values()) {
                measure(stage, block);
            }
            afterBlock.run();
        }
    }

    private void measure(Stage stage, int block) {
        List<Job> jobs = setup.jobs(stage);
        List<Peer> order = BlockOrder.of(setup.peers(), block);
        Quiet quiet = new Quiet(progress);
        if (stage == Stage.EVENT) {
            EventStage events = new EventStage(setup, results, progress, block);
            for (Job job : jobs) {
                for (Peer peer : order) {
                    quiet.await();
                    events.measure(peer, job);
                }
            }
            return;
        }
        for (List<Job> shared : setup.sharing(stage)) {
            LoadStage loads = new LoadStage(setup, results, progress, stage, shared, block);
            for (Peer peer : order) {
                quiet.await();
                try {
                    loads.measure(peer);
                } catch (RuntimeException e) {
                    String what = "all " + stage.name().toLowerCase(Locale.ROOT);
                    results.failed(block, peer, what, String.valueOf(e.getMessage()));
                    progress.printf("bench: %s: %s%n", peer.label(), e);
                }
            }
        }
    }

    /** Whether something gave an error instead of a figure. */
    public boolean hasFailures() {
        return !results.failures().isEmpty();
    }

    /** The results for a terminal, and as Markdown. */
    public String table() {
        return new CompareTable(results).text();
    }

    /** The results for programs. */
    public String json() {
        return Json.of(results.asMap(machine)) + "\n";
    }

    /** The results as a page that needs nothing but itself. */
    public String page() {
        return new ComparePage(results, machine).html();
    }
}
