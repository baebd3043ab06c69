package dev.store.bench.micro;

import com.google.protobuf.ByteString;
import dev.store.api.v1.KeySelector;
import dev.store.api.v1.KeySpan;
import dev.store.api.v1.Range;
import dev.store.api.v1.RangeResult;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.raft.keyspace.KeyspaceView;
import dev.store.raft.keyspace.ScopedKey;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What reads cost, on 100,000 keys. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ReadBenchmark {
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

    /** A view that is opened and closed for one key, as a get does. */
    @Benchmark
    public Optional<KeyRecord> get() {
        try (KeyspaceView view = scratch().keyspace().view()) {
            return view.get(randomKey(), 0);
        }
    }

    /** A range of a thousand entries. */
    @Benchmark
    public RangeResult rangeOf1000() {
        try (KeyspaceView view = scratch().keyspace().view()) {
            return view.range(
                    ScopedKey.DEFAULT_NAMESPACE,
                    Range.newBuilder()
                            .setKeys(KeySelector.newBuilder()
                                    .setSpan(KeySpan.newBuilder()
                                            .setStart(ScratchKeyspace.key(
                                                    scratch().randomKey() / 2))))
                            .setLimit(1_000)
                            .build());
        }
    }

    private ByteString randomKey() {
        return ScopedKey.of(
                ScopedKey.DEFAULT_NAMESPACE, ScratchKeyspace.key(scratch().randomKey()));
    }

    private ScratchKeyspace scratch() {
        return Objects.requireNonNull(filled, "the keyspace was not filled");
    }
}
