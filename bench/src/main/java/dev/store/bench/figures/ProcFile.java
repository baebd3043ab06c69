package dev.store.bench.figures;

import java.util.List;

/** Reads the texts of proc(5). */
final class ProcFile {
    /** Clock ticks in a second; 100 on every Linux that Java runs on (sysconf(_SC_CLK_TCK)). */
    private static final long TICKS_PER_SECOND = 100;

    private ProcFile() {}

    /** CPU time in microseconds, user and system, from the text of {@code /proc/PID/stat}. */
    static long cpuMicros(String stat) {
        // The second field is the command in brackets and may itself hold spaces and brackets.
        int end = stat.lastIndexOf(')');
        String[] fields =
                end < 0 ? new String[0] : stat.substring(end + 1).strip().split(" +", -1);
        if (fields.length < 13) {
            throw new IllegalArgumentException("stat: \"" + stat + "\" (expected: as in proc(5))");
        }
        long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        return ticks * 1_000_000 / TICKS_PER_SECOND;
    }

    /** The number after a name and a colon, as in {@code /proc/PID/status} and {@code /proc/meminfo}; 0 if absent. */
    static long number(List<String> lines, String name) {
        for (String line : lines) {
            if (line.startsWith(name + ":")) {
                String value = line.substring(name.length() + 1).strip();
                int space = value.indexOf(' ');
                return Long.parseLong(space < 0 ? value : value.substring(0, space));
            }
        }
        return 0;
    }
}
