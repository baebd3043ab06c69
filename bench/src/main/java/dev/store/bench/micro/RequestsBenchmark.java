package dev.store.bench.micro;

import com.google.protobuf.ByteString;
import dev.store.api.v1.Compare;
import dev.store.api.v1.KeySelector;
import dev.store.api.v1.Put;
import dev.store.api.v1.Txn;
import dev.store.api.v1.TxnOp;
import dev.store.raft.keyspace.Requests;
import dev.store.raft.keyspace.TxnRequests;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** What checking requests costs. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RequestsBenchmark {
    private final Put put = Put.newBuilder()
            .setKey(ByteString.copyFromUtf8("services/payment/instances/1"))
            .setValue(ByteString.copyFrom(new byte[256]))
            .build();
    private final Txn txn = txn();

    /** A put with its namespace. */
    @Benchmark
    public String put() {
        Requests.put(put);
        return Requests.namespace("");
    }

    /** A key in its scoped form. */
    @Benchmark
    public ByteString key() {
        return Requests.key("default", put.getKey());
    }

    /** A transaction with ten compares and ten puts. */
    @Benchmark
    public void txn(Blackhole hole) {
        hole.consume(TxnRequests.check(txn));
    }

    private static Txn txn() {
        Txn.Builder txn = Txn.newBuilder();
        for (int i = 0; i < 10; i++) {
            ByteString key = ByteString.copyFromUtf8("services/payment/instances/" + i);
            txn.addCompares(Compare.newBuilder()
                    .setKeys(KeySelector.newBuilder().setKey(key))
                    .setOperator(Compare.Operator.OPERATOR_EQUAL)
                    .setModRevision(1));
            txn.addThen(TxnOp.newBuilder().setPut(Put.newBuilder().setKey(key).setValue(key)));
        }
        return txn.build();
    }
}
