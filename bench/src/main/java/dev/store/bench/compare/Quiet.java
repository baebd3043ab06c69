package dev.store.bench.compare;

import dev.store.bench.figures.SystemCpu;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Waits until the machine does nothing else, within reason. */
final class Quiet {
    private static final double BUSY_SHARE = 0.2;
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final int LOOKS = 20;

    private final PrintStream progress;

    Quiet(PrintStream progress) {
        this.progress = progress;
    }

    /** Writes out what the disk still owes to those before, and waits until most of the CPU is idle. */
    void await() {
        sync();
        double busy = 1;
        for (int i = 0; i < LOOKS && busy > BUSY_SHARE; i++) {
            busy = busyShare();
        }
        if (busy > BUSY_SHARE) {
            progress.printf(
                    Locale.ROOT,
                    "bench: the machine is still %.0f %% busy after %d s: take what follows with care%n",
                    100 * busy,
                    LOOKS * LOOK.toSeconds());
        }
    }

    private static double busyShare() {
        long before = SystemCpu.busyMicros();
        long start = System.nanoTime();
        pause(LOOK);
        double micros = (System.nanoTime() - start) / 1e3;
        return (SystemCpu.busyMicros() - before) / micros / Runtime.getRuntime().availableProcessors();
    }

    private static void sync() {
        try {
            new ProcessBuilder("sync").inheritIO().start().waitFor(60, TimeUnit.SECONDS);
        } catch (IOException e) {
            // A machine without that program writes out by itself in a while.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void pause(Duration length) {
        try {
            TimeUnit.NANOSECONDS.sleep(length.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted during a comparison", e);
        }
    }
}
