package dev.store.jepsen.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a history down while it happens. Safe for use by many threads: the order of lines is an order of real time,
 * since a line is added before a call is sent and after its answer has come.
 */
public final class Recorder {
    private final List<Op> ops = new ArrayList<>();
    private final long startNanos = System.nanoTime();
    private long nextProcess;

    /** A new process, to be used by one thread. */
    public synchronized Worker worker() {
        return new Worker(this, nextProcess++);
    }

    /** The time of the history now, in nanoseconds since it began. */
    public long nanos() {
        return System.nanoTime() - startNanos;
    }

    /** How many lines of this type there are so far. */
    public synchronized long count(OpType type) {
        return ops.stream().filter(op -> op.type() == type).count();
    }

    /** What was recorded so far. */
    public synchronized History history() {
        return new History(ops);
    }

    private synchronized long freshProcess() {
        return nextProcess++;
    }

    private synchronized void add(
            long process, OpType type, String f, @Nullable Object value, Map<String, Object> extra) {
        ops.add(new Op(ops.size(), System.nanoTime() - startNanos, process, type, f, value, extra));
    }

    /** One process at a time; becomes a new one after an unknown outcome, as Jepsen's do. */
    public static final class Worker {
        private final Recorder recorder;
        private long process;
        private String f = "";
        private @Nullable Object argument;

        private Worker(Recorder recorder, long process) {
            this.recorder = recorder;
            this.process = process;
        }

        /** An operation begins. */
        public void invoke(String what, @Nullable Object value, Map<String, Object> extra) {
            f = what;
            argument = value;
            recorder.add(process, OpType.INVOKE, what, value, extra);
        }

        /** It took effect. */
        public void ok(@Nullable Object value, Map<String, Object> extra) {
            recorder.add(process, OpType.OK, f, value, extra);
        }

        /** It certainly changed nothing. */
        public void fail(String error, Map<String, Object> extra) {
            recorder.add(process, OpType.FAIL, f, argument, with(extra, error));
        }

        /** It may have taken effect. */
        public void info(String error, Map<String, Object> extra) {
            recorder.add(process, OpType.INFO, f, argument, with(extra, error));
            process = recorder.freshProcess();
        }

        private static Map<String, Object> with(Map<String, Object> extra, String error) {
            Map<String, Object> all = new java.util.HashMap<>(extra);
            all.put("error", error);
            return all;
        }
    }
}
