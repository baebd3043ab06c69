package dev.store.cli.local;

import dev.store.cli.ExitCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A cluster of processes on this machine. */
public final class LocalCluster {
    /** Longer than a node takes to hand over and close, see node.shutdown-timeout. */
    private static final long STOP_MILLIS = 60_000;

    private static final long KILL_MILLIS = 10_000;
    private static final long POLL_MILLIS = 100;

    private final Plan plan;
    private final List<String> launcher;

    /**
     * @param launcher the command that starts a server
     */
    public LocalCluster(Plan plan, List<String> launcher) {
        this.plan = plan;
        this.launcher = List.copyOf(launcher);
    }

    /** The cluster kept in a folder. */
    public static LocalCluster existing(Path folder, List<String> launcher) {
        Plan plan = Plan.read(folder)
                .orElseThrow(() -> new LocalFailure(
                        "NO_CLUSTER",
                        "there is no cluster in " + folder,
                        "Start one with `store cluster start`, or name its folder with --dir.",
                        ExitCode.NO));
        return new LocalCluster(plan, launcher);
    }

    /** How it is laid out. */
    public Plan plan() {
        return plan;
    }

    /** Starts the nodes that do not run, and waits until all of them have a leader. */
    public void start(long timeoutMillis, Progress progress) throws IOException {
        Folder.requireUsable(plan.folder());
        try (FileChannel lock = Folder.lock(plan.folder())) {
            List<LocalNode> absent = new ArrayList<>();
            for (LocalNode node : plan.nodes()) {
                if (process(node).running().isEmpty()) {
                    absent.add(node);
                }
            }
            if (absent.isEmpty()) {
                throw new LocalFailure(
                        "ALREADY_RUNS",
                        "the cluster in " + plan.folder() + " runs already",
                        "`store cluster status` shows it. For a second one, give both --dir and --base-port.",
                        ExitCode.CONFLICT);
            }
            // All checks before the first start: a cluster starts whole or not at all.
            for (LocalNode node : absent) {
                PortCheck.requireFree(node);
            }
            if (Plan.read(plan.folder()).isEmpty()) {
                plan.write();
            }
            for (LocalNode node : absent) {
                start(node, progress);
            }
            awaitLeader(absent, timeoutMillis, progress);
        } catch (FileSystemException e) {
            throw Folder.unusable(plan.folder(), e);
        }
    }

    private void start(LocalNode node, Progress progress) throws IOException {
        ProcessHandle started = process(node).start();
        progress.line(node.name() + "   " + node.endpoint() + "   pid " + started.pid());
    }

    private void awaitLeader(List<LocalNode> started, long timeoutMillis, Progress progress) {
        long begin = System.nanoTime();
        while (true) {
            List<NodeState> states = new ArrayList<>();
            boolean led = true;
            for (LocalNode node : started) {
                NodeState state = NodeState.of(node);
                states.add(state);
                led &= state.led();
                if (state.pid() == 0) {
                    throw ended(node);
                }
            }
            long millis = (System.nanoTime() - begin) / 1_000_000;
            if (led) {
                progress.line("ready after " + millis / 1000 + "." + millis / 100 % 10 + " s");
                return;
            }
            StringBuilder words = new StringBuilder();
            for (NodeState state : states) {
                words.append(words.isEmpty() ? "" : ", ").append(state.words());
            }
            if (millis > timeoutMillis) {
                throw new LocalFailure(
                        "NOT_READY",
                        "the cluster has no leader after " + millis / 1000 + " s: " + words,
                        "It goes on trying. The logs are " + plan.folder() + "/node*/store.log; `store cluster stop`"
                                + " ends it.",
                        ExitCode.UNAVAILABLE);
            }
            progress.waiting(millis / 1000 + " s: " + words);
            sleep();
        }
    }

    private LocalFailure ended(LocalNode node) {
        return new LocalFailure(
                "NODE_ENDED",
                node.name() + " ended while it started. The end of its log " + node.log() + ":"
                        + process(node).logTail(),
                "The other nodes go on; `store cluster stop` ends them.",
                ExitCode.FAILED);
    }

    /** How each node is. */
    public List<NodeState> states() {
        return plan.nodes().stream().map(NodeState::of).toList();
    }

    /** Ends all nodes in good order, followers of the last node first; returns how many ran. */
    public int stop(Progress progress) throws IOException {
        try (FileChannel lock = Folder.lock(plan.folder())) {
            int stopped = 0;
            for (LocalNode node : plan.nodes()) {
                progress.waiting("stopping " + node.name());
                if (process(node).stop(STOP_MILLIS)) {
                    stopped++;
                    progress.line(node.name() + " stopped");
                }
            }
            return stopped;
        }
    }

    /** Stops a node, if it runs, and starts it again. */
    public void restart(int number, long timeoutMillis, Progress progress) throws IOException {
        LocalNode node = plan.node(number);
        try (FileChannel lock = Folder.lock(plan.folder())) {
            progress.waiting("stopping " + node.name());
            if (process(node).stop(STOP_MILLIS)) {
                progress.line(node.name() + " stopped");
            }
            start(node, progress);
            awaitLeader(List.of(node), timeoutMillis, progress);
        }
    }

    /** Ends a node as a crash does; false if it did not run. */
    public boolean kill(int number) throws IOException {
        LocalNode node = plan.node(number);
        try (FileChannel lock = Folder.lock(plan.folder())) {
            return process(node).kill(KILL_MILLIS);
        }
    }

    /** Ends all nodes and deletes all their data. */
    public void destroy() throws IOException {
        try (FileChannel lock = Folder.lock(plan.folder())) {
            for (LocalNode node : plan.nodes()) {
                process(node).kill(KILL_MILLIS);
            }
            for (LocalNode node : plan.nodes()) {
                Folder.delete(node.folder());
            }
            Files.deleteIfExists(plan.folder().resolve("cluster.properties"));
            Files.deleteIfExists(plan.folder().resolve("lock"));
        }
        // Only if nothing of somebody else's is in it.
        try {
            Files.deleteIfExists(plan.folder());
        } catch (DirectoryNotEmptyException e) {
            return;
        }
    }

    private NodeProcess process(LocalNode node) {
        return new NodeProcess(node, launcher);
    }

    private static void sleep() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalFailure("INTERRUPTED", "interrupted", "", ExitCode.FAILED);
        }
    }
}
