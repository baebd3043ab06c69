package dev.store.jepsen.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.jepsen.cluster.Distribution;
import dev.store.jepsen.cluster.StoreCommand;
import dev.store.jepsen.docs.Tutorial;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The tour, as somebody takes it who has just cloned the project. */
@Timeout(1_200)
class DemoIT {
    @TempDir
    Path folder;

    @Test
    void theTourShowsServicesConfigurationAndLocksAndCanBeTakenAgain() {
        int base = StoreCommand.freeBasePort();
        String endpoints = "127.0.0.1:" + base + ",127.0.0.1:" + (base + 10) + ",127.0.0.1:" + (base + 20);
        String data = folder.resolve("cluster").toString();
        Distribution distribution = Distribution.find();
        StoreCommand store = new StoreCommand(distribution, folder, Map.of("STORE_ENDPOINTS", endpoints));
        try {
            StoreCommand.Result started =
                    store.run("cluster", "start", "--base-port", String.valueOf(base), "--dir", data);
            assertThat(started.exitCode()).as(started.output()).isZero();

            tutorialShowsWhatItSays(store, Tutorial.of(distribution.home().resolve("docs/config.md")));
            for (int time = 0; time < 2; time++) {
                StoreCommand.Result tour = store.run("demo", "--timeout", "60s");

                assertThat(tour.exitCode()).as(tour.output()).isZero();
                assertThat(tour.output())
                        .contains("3 x payments-1 charged a fee of 2.9 %")
                        .contains("its heartbeats missed for 3 s: CRITICAL")
                        .contains("gray:     payments-1 2.4 %, payments-3 1.9 %")
                        .contains("promoted: payments-1 1.9 %, payments-3 1.9 %")
                        .contains("refused (LOCK_NOT_HELD)");
            }
            commandsThatHoldSomethingRunACommand(store);
        } finally {
            StoreCommand.Result destroyed = store.run("cluster", "destroy", "--yes", "--dir", data);
            assertThat(destroyed.exitCode()).as(destroyed.output()).isZero();
        }
    }

    private static void tutorialShowsWhatItSays(StoreCommand store, Tutorial tutorial) {
        assertThat(tutorial.steps()).hasSizeGreaterThan(10);
        for (Tutorial.Step step : tutorial.steps()) {
            if (step.command().endsWith("cluster start")) {
                continue;
            }
            StoreCommand.Result result = store.shell(step.command());

            assertThat(result.exitCode() != 0)
                    .as("%s: exit code %d: %s", step.command(), result.exitCode(), result.output())
                    .isEqualTo(step.isRefused());
            assertThat(result.output()).as(step.command()).matches(step.pattern());
        }
    }

    /** They need more of the Java client than one-shot commands, which the launcher must know. */
    private static void commandsThatHoldSomethingRunACommand(StoreCommand store) {
        for (String[] command : new String[][] {
            {"lock", "jobs", "--", "echo", "done"},
            {"semaphore", "exports", "--permits", "2", "--", "echo", "done"},
            {"elect", "scheduler", "me", "--", "echo", "done"},
            {"service", "register", "web", "127.0.0.1:8080", "--node", "host", "--", "echo", "done"}
        }) {
            StoreCommand.Result result = store.run(command);

            assertThat(result.exitCode()).as(result.output()).isZero();
            assertThat(result.output()).contains("done");
        }
        assertThat(store.run("lock", "list").exitCode()).isZero();
    }
}
