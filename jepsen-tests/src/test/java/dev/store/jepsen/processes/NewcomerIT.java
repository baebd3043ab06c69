package dev.store.jepsen.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Distribution;
import dev.store.jepsen.cluster.Spawner;
import dev.store.jepsen.cluster.StoreCommand;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the README says, typed by somebody who has just cloned the project. */
@Timeout(1_800)
class NewcomerIT {
    private static final Duration WAIT = Await.PATIENCE;
    private static final int ENDED_BY_INTERRUPT = 130;

    @TempDir
    Path folder;

    @Test
    void startsAClusterPutsGetsWatchesKillsANodeAndLosesNothing() throws IOException, InterruptedException {
        int base = StoreCommand.freeBasePort();
        String endpoints = "127.0.0.1:" + base + ",127.0.0.1:" + (base + 10) + ",127.0.0.1:" + (base + 20);
        Path data = folder.resolve("cluster");
        StoreCommand store = new StoreCommand(Distribution.find(), folder, Map.of("STORE_ENDPOINTS", endpoints));
        try {
            StoreCommand.Result started = cluster(store, "start", "--base-port", String.valueOf(base));
            assertThat(started.exitCode()).as(started.output()).isZero();
            assertThat(started.output()).contains(endpoints).contains("store put greeting hello");

            StoreCommand.Result twice = cluster(store, "start");
            assertThat(twice.exitCode()).as(twice.output()).isNotZero();
            assertThat(twice.output()).contains("runs already");
            StoreCommand.Result taken =
                    store.run("cluster", "start", "--base-port", String.valueOf(base), "--dir", folder + "/other");
            assertThat(taken.exitCode()).as(taken.output()).isNotZero();
            assertThat(taken.output()).contains(String.valueOf(base)).contains("in use");

            File screen = store.newOutput();
            Process watch = store.start(screen, "watch", "greeting");
            putUntilSeen(store, screen);
            killsOneAndLosesNothing(store, screen);
            Spawner.signal(watch.pid(), "INT");
            assertThat(watch.waitFor(WAIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(watch.exitValue()).as("a watch that ^C ended").isEqualTo(ENDED_BY_INTERRUPT);

            StoreCommand.Result stopped = cluster(store, "stop");
            assertThat(stopped.exitCode()).as(stopped.output()).isZero();
        } finally {
            StoreCommand.Result destroyed = cluster(store, "destroy", "--yes");
            assertThat(destroyed.exitCode()).as(destroyed.output()).isZero();
        }
        assertThat(data).doesNotExist();
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() {
        StoreCommand store = new StoreCommand(Distribution.find(), folder, Map.of());

        StoreCommand.Result result = store.run("cluster", "start", "--dir", "/proc/store");

        assertThat(result.exitCode()).as(result.output()).isNotZero();
        assertThat(result.output()).contains("/proc/store");
    }

    @Test
    void noClusterIsAClearError() {
        int base = StoreCommand.freeBasePort();
        StoreCommand store = new StoreCommand(Distribution.find(), folder, Map.of());

        StoreCommand.Result result =
                store.run("get", "greeting", "--endpoints", "127.0.0.1:" + base, "--timeout", "2s");

        assertThat(result.exitCode()).as(result.output()).isNotZero();
        assertThat(result.output()).contains("127.0.0.1:" + base).doesNotContain("Exception");
    }

    private StoreCommand.Result cluster(StoreCommand store, String... arguments) {
        List<String> all = new ArrayList<>(List.of("cluster"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--dir", folder.resolve("cluster").toString()));
        return store.run(all.toArray(String[]::new));
    }

    /** Nobody sees when a watch has begun, so puts until the screen shows one. */
    private static void putUntilSeen(StoreCommand store, File screen) {
        int[] number = {0};
        Await.until(WAIT, "a put on the watcher's screen", () -> {
            StoreCommand.Result put = store.run("put", "greeting", "hello" + number[0]++);
            assertThat(put.exitCode()).as(put.output()).isZero();
            return read(screen).contains("hello");
        });
    }

    private void killsOneAndLosesNothing(StoreCommand store, File screen) {
        StoreCommand.Result put = store.run("put", "greeting", "before-the-kill");
        assertThat(put.exitCode()).as(put.output()).isZero();

        StoreCommand.Result killed = cluster(store, "kill", "1");
        assertThat(killed.exitCode()).as(killed.output()).isZero();

        StoreCommand.Result got = store.run("get", "greeting", "--timeout", "30s");
        assertThat(got.exitCode()).as(got.output()).isZero();
        assertThat(got.output()).contains("before-the-kill");
        StoreCommand.Result again = store.run("put", "greeting", "after-the-kill", "--timeout", "30s");
        assertThat(again.exitCode()).as(again.output()).isZero();
        Await.until(WAIT, "the put after the kill on the watcher's screen", () -> read(screen)
                .contains("after-the-kill"));
        assertThat(read(screen)).contains("before-the-kill");

        StoreCommand.Result restarted = cluster(store, "restart", "1");
        assertThat(restarted.exitCode()).as(restarted.output()).isZero();
    }

    private static String read(File file) {
        try {
            return Files.readString(file.toPath());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
