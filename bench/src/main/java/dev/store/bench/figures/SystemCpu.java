package dev.store.bench.figures;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** CPU time that the whole machine has spent, by whomever. */
public final class SystemCpu {
    private static final int FIRST_IDLE_FIELD = 3;
    private static final int LAST_IDLE_FIELD = 4;
    /** Guests' time is part of the first two fields already. */
    private static final int FIRST_GUEST_FIELD = 8;

    private SystemCpu() {}

    /** Busy time of all cores since the machine started, in microseconds; 0 where that cannot be told. */
    public static long busyMicros() {
        try {
            return busyMicros(Files.readAllLines(Path.of("/proc/stat")));
        } catch (IOException e) {
            return 0;
        }
    }

    /** From the lines of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal, in clock ticks. */
    static long busyMicros(List<String> lines) {
        for (String line : lines) {
            if (line.startsWith("cpu ")) {
                String[] fields = line.substring(4).strip().split(" +", -1);
                long ticks = 0;
                for (int i = 0; i < Math.min(fields.length, FIRST_GUEST_FIELD); i++) {
                    ticks += i >= FIRST_IDLE_FIELD && i <= LAST_IDLE_FIELD ? 0 : Long.parseLong(fields[i]);
                }
                return ticks * 10_000;
            }
        }
        return 0;
    }
}
