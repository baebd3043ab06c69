package dev.store.raft.consensus;

import dev.store.raft.v1.Command;
import dev.store.raft.v1.CommandResult;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What it costs to pack puts of 256 bytes into entries and to hand out their results; the log answers at once. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ProposerBenchmark {
    /** Commands that wait at the same time. */
    @Param({"1", "64", "1000"})
    public int commands;

    private final Command put = Cluster.put("k", "x".repeat(256));
    private @Nullable Proposer proposer;

    /** Starts its thread. */
    @Setup(Level.Trial)
    public void start() {
        Leadership leadership = new Leadership(new Leadership.Listener() {
            @Override
            public void gained(long term) {}

            @Override
            public void lost() {}
        });
        leadership.gain(1);
        Proposer started = new Proposer(
                "n1",
                ReplicaOptions.Batching.DEFAULT,
                Duration.ofSeconds(5),
                new Proposer.Wiring(
                        Clock.systemUTC(),
                        () -> 0,
                        () -> 0,
                        leadership,
                        batch -> batch.applied(Collections.nCopies(
                                batch.batch().getCommandsCount(), CommandResult.getDefaultInstance())),
                        Runnable::run,
                        () -> {}));
        started.start();
        proposer = started;
    }

    /** Ends it. */
    @TearDown(Level.Trial)
    public void close() {
        Objects.requireNonNull(proposer, "not started").close();
    }

    /** All of them proposed, and all results there. */
    @Benchmark
    public void proposals() {
        Proposer started = Objects.requireNonNull(proposer, "not started");
        CompletableFuture<?>[] results = new CompletableFuture<?>[commands];
        for (int i = 0; i < commands; i++) {
            results[i] = started.propose(put);
        }
        CompletableFuture.allOf(results).join();
    }
}
