package dev.store.bench.load;

import dev.store.api.v1.Compare;
import dev.store.api.v1.GetRequest;
import dev.store.api.v1.KVGrpc;
import dev.store.api.v1.KeySelector;
import dev.store.api.v1.KeySpan;
import dev.store.api.v1.OperationId;
import dev.store.api.v1.Put;
import dev.store.api.v1.PutRequest;
import dev.store.api.v1.Range;
import dev.store.api.v1.RangeRequest;
import dev.store.api.v1.ReadConsistency;
import dev.store.api.v1.ReadOptions;
import dev.store.api.v1.Txn;
import dev.store.api.v1.TxnOp;
import dev.store.api.v1.TxnRequest;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLongArray;

/** Puts, gets, ranges and transactions by the generated stubs. */
final class KvWorkload implements Workload {
    private static final ReadOptions SERIALIZABLE = ReadOptions.newBuilder()
            .setConsistency(ReadConsistency.READ_CONSISTENCY_SERIALIZABLE)
            .build();

    private final String name;
    private final Connections connections;
    private final Data data;
    private final LoadSettings settings;
    private final Operation operation;

    private KvWorkload(String name, Connections connections, LoadSettings settings, Data data, Operation operation) {
        this.name = name;
        this.connections = connections;
        this.settings = settings;
        this.data = data;
        this.operation = operation;
    }

    static Workload put(Connections connections, LoadSettings settings, Data data, int clients) {
        OperationIds ids = new OperationIds(clients);
        return new KvWorkload("put", connections, settings, data, (client, done) -> {
            PutRequest.Builder request = PutRequest.newBuilder().setPut(put(data));
            if (settings.exactlyOnce()) {
                request.setOperation(ids.next(client));
            }
            connections.call(client, KVGrpc.getPutMethod(), request.build(), done);
        });
    }

    static Workload get(Connections connections, LoadSettings settings, Data data, boolean serializable) {
        String name = serializable ? "get-serializable" : "get";
        ReadOptions options = options(serializable);
        return new KvWorkload(
                name,
                connections,
                settings,
                data,
                (client, done) -> connections.call(
                        client,
                        KVGrpc.getGetMethod(),
                        GetRequest.newBuilder()
                                .setKey(data.nextKey())
                                .setRead(options)
                                .build(),
                        done));
    }

    static Workload range(Connections connections, LoadSettings settings, Data data) {
        ReadOptions options = options(settings.serializable());
        return new KvWorkload(
                "range of " + settings.limit() + (settings.serializable() ? " serializable" : ""),
                connections,
                settings,
                data,
                (client, done) -> connections.call(
                        client,
                        KVGrpc.getRangeMethod(),
                        RangeRequest.newBuilder()
                                .setRead(options)
                                .setRange(Range.newBuilder()
                                        .setKeys(KeySelector.newBuilder()
                                                .setSpan(KeySpan.newBuilder().setStart(data.nextKey())))
                                        .setLimit(settings.limit()))
                                .build(),
                        done));
    }

    static Workload txn(Connections connections, LoadSettings settings, Data data) {
        return new KvWorkload(
                "txn of " + settings.txnOps(),
                connections,
                settings,
                data,
                (client, done) -> connections.call(
                        client,
                        KVGrpc.getTxnMethod(),
                        TxnRequest.newBuilder().setTxn(mixed(data, settings)).build(),
                        done));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void prepare() {
        Preload.run(connections, data, settings.load());
    }

    @Override
    public Operation operation() {
        return operation;
    }

    @Override
    public void close() {}

    private static ReadOptions options(boolean serializable) {
        return serializable ? SERIALIZABLE : ReadOptions.getDefaultInstance();
    }

    private static Put put(Data data) {
        return Put.newBuilder().setKey(data.nextKey()).setValue(data.value()).build();
    }

    /** A guard that holds, then reads and puts by turns; the puts lie side by side, as no key may be put twice. */
    private static Txn mixed(Data data, LoadSettings settings) {
        long first = ThreadLocalRandom.current().nextLong(settings.keySpace());
        Txn.Builder txn = Txn.newBuilder()
                .addCompares(Compare.newBuilder()
                        .setKeys(KeySelector.newBuilder().setKey(data.key(first)))
                        .setOperator(Compare.Operator.OPERATOR_GREATER_OR_EQUAL)
                        .setModRevision(0));
        for (int i = 0; i < settings.txnOps(); i++) {
            long number = (first + i) % settings.keySpace();
            txn.addThen(
                    i % 2 == 0
                            ? TxnOp.newBuilder()
                                    .setPut(Put.newBuilder()
                                            .setKey(data.key(number))
                                            .setValue(data.value()))
                            : TxnOp.newBuilder()
                                    .setRange(Range.newBuilder()
                                            .setKeys(KeySelector.newBuilder().setKey(data.key(number)))));
        }
        return txn.build();
    }

    /** An id and a sequence for each logical client. */
    private static final class OperationIds {
        private final AtomicLongArray sequences;
        private final long first = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE / 2);

        OperationIds(int clients) {
            sequences = new AtomicLongArray(clients);
        }

        OperationId next(int client) {
            long sequence = sequences.incrementAndGet(client);
            return OperationId.newBuilder()
                    .setClientId(first + client)
                    .setSequence(sequence)
                    .setAcknowledgedBelow(sequence)
                    .build();
        }
    }
}
