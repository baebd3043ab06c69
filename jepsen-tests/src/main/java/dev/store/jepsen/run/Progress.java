package dev.store.jepsen.run;

import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.history.OpType;
import dev.store.jepsen.history.Recorder;
import java.io.PrintStream;
import java.time.Duration;

/** Says now and then what a run is doing. */
final class Progress implements AutoCloseable {
    private static final int EVERY_SECONDS = 5;

    private final Recorder recorder;
    private final PrintStream out;
    private final Thread thread = new Thread(this::run, "jepsen-progress");
    private volatile String fault = "";
    private volatile boolean stopped;

    Progress(Recorder recorder, PrintStream out) {
        this.recorder = recorder;
        this.out = out;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** What is being done to the cluster; empty for nothing. */
    void during(String name) {
        fault = name;
    }

    @Override
    public void close() {
        stopped = true;
    }

    private void run() {
        for (int second = EVERY_SECONDS; ; second += EVERY_SECONDS) {
            Await.pass(Duration.ofSeconds(EVERY_SECONDS));
            if (stopped) {
                return;
            }
            out.println("  " + second + " s: " + recorder.count(OpType.OK) + " ok, " + recorder.count(OpType.FAIL)
                    + " refused, " + recorder.count(OpType.INFO) + " unknown"
                    + (fault.isEmpty() ? "" : "; now " + fault));
        }
    }
}
