package dev.store.bench.micro;

import dev.store.api.v1.Compare;
import dev.store.api.v1.KeySelector;
import dev.store.api.v1.Put;
import dev.store.api.v1.Txn;
import dev.store.api.v1.TxnOp;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.LogBatch;
import java.util.List;
import java.util.Objects;
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

/** What it costs to apply one log entry, on 100,000 keys. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ApplyBenchmark {
    /** Commands in the entry. */
    @Param({"1", "16", "256"})
    public int commands;

    private @Nullable ScratchKeyspace filled;

    /** Fills the keyspace. */
    @Setup(Level.Trial)
    public void fill() {
        filled = ScratchKeyspace.with(100_000);
    }

    /** Deletes it. */
    @TearDown(Level.Trial)
    public void close() {
        scratch().close();
    }

    /** An entry of puts. */
    @Benchmark
    public List<CommandResult> puts() {
        LogBatch.Builder batch = LogBatch.newBuilder().setWallTimeMs(1);
        for (int i = 0; i < commands; i++) {
            batch.addCommands(scratch().put(scratch().randomKey()));
        }
        return scratch().apply(batch.build());
    }

    /** An entry of guarded puts: a compare that holds, and one put. */
    @Benchmark
    public List<CommandResult> txns() {
        LogBatch.Builder batch = LogBatch.newBuilder().setWallTimeMs(1);
        for (int i = 0; i < commands; i++) {
            int key = scratch().randomKey();
            batch.addCommands(Command.newBuilder()
                    .setTxn(Txn.newBuilder()
                            .addCompares(Compare.newBuilder()
                                    .setKeys(KeySelector.newBuilder().setKey(ScratchKeyspace.key(key)))
                                    .setOperator(Compare.Operator.OPERATOR_GREATER)
                                    .setVersion(0))
                            .addThen(TxnOp.newBuilder()
                                    .setPut(Put.newBuilder()
                                            .setKey(ScratchKeyspace.key(key))
                                            .setValue(scratch().value())))));
        }
        return scratch().apply(batch.build());
    }

    private ScratchKeyspace scratch() {
        return Objects.requireNonNull(filled, "the keyspace was not filled");
    }
}
