package dev.store.raft.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Runs the {@link Simulation} for many seeds. {@code -Dsim.seeds=N} runs N of them, {@code -Dsim.seed=S} starts with S
 * (and runs only that one if no number is given).
 */
class SimulationTest {
    private static final long FIRST_SEED = 1;
    private static final int DEFAULT_SEEDS = 300;
    private static final int FEWEST_SEEDS = 20;
    private static final Duration TIME_IN_A_BUILD = Duration.ofSeconds(25);
    private static final int SEEDS_TO_FIND_A_BUG = 200;

    @Test
    void everyPromiseHoldsUnderEverySeed() {
        Long replayed = Long.getLong("sim.seed");
        Integer wanted = Integer.getInteger("sim.seeds");
        long first = replayed == null ? FIRST_SEED : replayed;
        int seeds = wanted != null ? wanted : replayed != null ? 1 : DEFAULT_SEEDS;
        boolean inABuild = wanted == null && replayed == null;
        long startNanos = System.nanoTime();

        Bites bites = new Bites();
        for (long seed = first; seed < first + seeds; seed++) {
            bites.add(run(seed, SimBug.NONE));
            boolean late = System.nanoTime() - startNanos > TIME_IN_A_BUILD.toNanos();
            // A slow machine runs fewer seeds rather than hold the build up.
            if (inABuild && late && seed - first >= FEWEST_SEEDS) {
                break;
            }
        }
        if (inABuild) {
            bites.check();
        }
    }

    @Test
    void aSeedAlwaysGivesTheSameRun() {
        for (long seed = 1; seed <= 3; seed++) {
            assertThat(run(seed, SimBug.NONE)).isEqualTo(run(seed, SimBug.NONE));
        }
    }

    @ParameterizedTest
    @EnumSource(value = SimBug.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aSeededBugIsCaughtByThePromiseThatItBreaks(SimBug bug) {
        for (long seed = 1; seed <= SEEDS_TO_FIND_A_BUG; seed++) {
            try {
                Simulation.run(seed, bug);
            } catch (BrokenPromise caught) {
                assertThat(caught.getMessage()).containsPattern(Pattern.compile("^(" + bug.caughtBy() + ") \\("));
                return;
            }
        }
        throw new AssertionError(bug + " was not caught with " + SEEDS_TO_FIND_A_BUG + " seeds");
    }

    private static Simulation.Figures run(long seed, SimBug bug) {
        try {
            return Simulation.run(seed, bug);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(
                    "seed " + seed + ": " + e.getMessage()
                            + "\nreplay: mvn -pl store-raft -am test -Dtest=SimulationTest#everyPromise*"
                            + " -Dsurefire.failIfNoSpecifiedTests=false -Dsim.seed=" + seed,
                    e);
        }
    }

    /** Whether the faults did bite: a simulation in which nothing goes wrong proves nothing. */
    private static final class Bites {
        private int lagged;
        private int resumed;
        private int late;
        private int repeated;
        private int expired;
        private int renewed;
        private int elections;
        private int seeds;
        private int delivered;

        void add(Simulation.Figures figures) {
            seeds++;
            lagged += figures.lagged();
            resumed += figures.resumed();
            late += figures.lateEntries();
            repeated += figures.repeatedEntries();
            expired += figures.expired();
            renewed += figures.renewals();
            elections += figures.elections();
            delivered += figures.delivered();
        }

        void check() {
            assertThat(lagged).as("watchers that fell behind").isGreaterThan(seeds);
            assertThat(resumed).as("watchers that resumed").isGreaterThan(seeds * 5);
            assertThat(late).as("late entries").isGreaterThan(seeds);
            assertThat(repeated).as("repeated entries").isGreaterThan(seeds);
            assertThat(expired).as("leases that expired").isGreaterThan(seeds * 2);
            assertThat(renewed).as("keepalives").isGreaterThan(seeds * 5);
            assertThat(elections).as("elections").isGreaterThan(seeds * 3);
            assertThat(delivered).as("events").isGreaterThan(seeds * 300);
        }
    }
}
