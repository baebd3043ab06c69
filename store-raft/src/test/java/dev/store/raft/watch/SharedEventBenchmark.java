package dev.store.raft.watch;

import com.google.protobuf.ByteString;
import dev.store.raft.keyspace.KeyEvent;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.raft.keyspace.ScopedKey;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What it costs to encode the event of a put of 256 bytes: once for all watchers, and for each one after the first. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SharedEventBenchmark {
    private final KeyEvent put = put();
    private final SharedEvent shared = new SharedEvent(put);

    private static KeyEvent put() {
        KeyRecord current = new KeyRecord(ByteString.copyFrom(new byte[256]), 1_000_000, 2_000_000, 7, 0, 1, 2, "");
        return new KeyEvent(
                ScopedKey.of("default", ByteString.copyFromUtf8("services/payment/instances/1")),
                2_000_000,
                current,
                current,
                2,
                "");
    }

    /** The first watcher. */
    @Benchmark
    public ByteString first() {
        return new SharedEvent(put).encoded(EventEncoding.STORE, false);
    }

    /** The first that wants the value of before as well. */
    @Benchmark
    public ByteString firstWithPrevious() {
        return new SharedEvent(put).encoded(EventEncoding.STORE, true);
    }

    /** Any other. */
    @Benchmark
    public ByteString next() {
        return shared.encoded(EventEncoding.STORE, false);
    }
}
