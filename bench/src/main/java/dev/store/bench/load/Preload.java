package dev.store.bench.load;

import dev.store.api.v1.KVGrpc;
import dev.store.api.v1.Put;
import dev.store.api.v1.Txn;
import dev.store.api.v1.TxnOp;
import dev.store.api.v1.TxnRequest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/** Puts many keys fast: in transactions, several at a time. */
public final class Preload {
    private static final int PUTS = 100;
    private static final int IN_FLIGHT = 16;

    private Preload() {}

    /** How a transaction puts neighbouring keys. */
    @FunctionalInterface
    public interface Batch {
        /** Puts the keys of these numbers, the last one excluded. */
        CompletableFuture<?> put(long first, long last);
    }

    /** Puts the first keys, each once, and waits until all are there. */
    public static void run(long keys, Batch batch) {
        Deque<CompletableFuture<?>> running = new ArrayDeque<>();
        for (long first = 0; first < keys; first += PUTS) {
            if (running.size() == IN_FLIGHT) {
                running.remove().join();
            }
            running.add(batch.put(first, Math.min(keys, first + PUTS)));
        }
        running.forEach(CompletableFuture::join);
    }

    /** Does so by Store's own API. */
    public static void run(Connections connections, Data data, long keys) {
        run(keys, (first, last) -> {
            Txn.Builder txn = Txn.newBuilder();
            for (long i = first; i < last; i++) {
                txn.addThen(TxnOp.newBuilder()
                        .setPut(Put.newBuilder().setKey(data.key(i)).setValue(data.value())));
            }
            return connections.ask(
                    (int) (first / PUTS % 1_000),
                    KVGrpc.getTxnMethod(),
                    TxnRequest.newBuilder().setTxn(txn).build());
        });
    }
}
