package dev.store.bench.figures;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the operating system says of some processes at one moment, added up.
 *
 * @param cpuMicros CPU time, user and system, in microseconds
 * @param residentBytes resident memory of the largest process
 * @param peakResidentBytes the most that the resident memory of any of them ever was
 */
public record ProcessFigures(long cpuMicros, long residentBytes, long peakResidentBytes) {
    /** Nothing is known of the processes. */
    public static final ProcessFigures NONE = new ProcessFigures(0, 0, 0);

    /** The figures of these processes now; without any of them, {@link #NONE}. */
    public static ProcessFigures of(List<Long> pids) {
        ProcessFigures sum = NONE;
        for (long pid : pids) {
            sum = sum.plus(read(Path.of("/proc", Long.toString(pid))));
        }
        return sum;
    }

    /** The figures of this process. */
    public static ProcessFigures ofSelf() {
        return of(List.of(ProcessHandle.current().pid()));
    }

    /** How far the counters rose since an earlier moment; memory is as it is now. */
    public ProcessFigures since(ProcessFigures earlier) {
        return new ProcessFigures(cpuMicros - earlier.cpuMicros, residentBytes, peakResidentBytes);
    }

    private ProcessFigures plus(ProcessFigures other) {
        return new ProcessFigures(
                cpuMicros + other.cpuMicros,
                Math.max(residentBytes, other.residentBytes),
                Math.max(peakResidentBytes, other.peakResidentBytes));
    }

    private static ProcessFigures read(Path process) {
        try {
            List<String> status = Files.readAllLines(process.resolve("status"));
            return new ProcessFigures(
                    ProcFile.cpuMicros(Files.readString(process.resolve("stat"))),
                    ProcFile.number(status, "VmRSS") * 1024,
                    ProcFile.number(status, "VmHWM") * 1024);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the figures of " + process, e);
        }
    }
}
