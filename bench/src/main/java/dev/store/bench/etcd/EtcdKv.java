package dev.store.bench.etcd;

import com.google.protobuf.ByteString;
import dev.store.bench.load.Connections;
import dev.store.bench.load.Data;
import dev.store.bench.load.LoadSettings;
import dev.store.bench.load.Operation;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;

/** Puts, gets, ranges and transactions. */
final class EtcdKv {
    private static final int PAGE = 10_000;
    /** As a key the first of all, as the end of a range none, and behind a key the next one. */
    private static final ByteString FIRST = ByteString.copyFrom(new byte[1]);

    private final Connections connections;
    private final LoadSettings settings;
    private final Data data;

    EtcdKv(Connections connections, LoadSettings settings) {
        this.connections = connections;
        this.settings = settings;
        this.data = new Data(settings);
    }

    Operation put() {
        return (client, done) -> connections.call(client, KVGrpc.getPutMethod(), put(data.nextKey()), done);
    }

    Operation get(boolean serializable) {
        return (client, done) -> connections.call(
                client,
                KVGrpc.getRangeMethod(),
                RangeRequest.newBuilder()
                        .setKey(data.nextKey())
                        .setSerializable(serializable)
                        .build(),
                done);
    }

    /** Neighbouring keys, as many as the limit: etcd counts everything up to the end of a range, so it ends there. */
    Operation range() {
        long starts = Math.max(1, settings.keySpace() - settings.limit());
        return (client, done) -> {
            long first = ThreadLocalRandom.current().nextLong(starts);
            connections.call(
                    client,
                    KVGrpc.getRangeMethod(),
                    RangeRequest.newBuilder()
                            .setKey(data.key(first))
                            .setRangeEnd(data.key(first + settings.limit()))
                            .setLimit(settings.limit())
                            .build(),
                    done);
        };
    }

    /** The next page of all keys; after the last one the first again. For one client only. */
    Operation pages() {
        AtomicReference<ByteString> start = new AtomicReference<>(FIRST);
        return (client, done) -> connections.call(
                client,
                KVGrpc.getRangeMethod(),
                RangeRequest.newBuilder()
                        .setKey(start.get())
                        .setRangeEnd(FIRST)
                        .setLimit(PAGE)
                        .build(),
                (RangeResponse page) -> {
                    start.set(
                            page.getMore()
                                    ? page.getKvs(page.getKvsCount() - 1)
                                            .getKey()
                                            .concat(FIRST)
                                    : FIRST);
                    done.succeeded();
                },
                done);
    }

    /** A guard that holds, then puts and gets by turns on neighbouring keys. */
    Operation txn() {
        return (client, done) -> {
            long first = ThreadLocalRandom.current().nextLong(settings.keySpace());
            TxnRequest.Builder txn = TxnRequest.newBuilder()
                    .addCompare(Compare.newBuilder()
                            .setKey(data.key(first))
                            .setTarget(Compare.CompareTarget.VERSION)
                            .setResult(Compare.CompareResult.GREATER)
                            .setVersion(-1));
            for (int i = 0; i < settings.txnOps(); i++) {
                ByteString key = data.key((first + i) % settings.keySpace());
                txn.addSuccess(
                        i % 2 == 0
                                ? RequestOp.newBuilder().setRequestPut(put(key))
                                : RequestOp.newBuilder()
                                        .setRequestRange(
                                                RangeRequest.newBuilder().setKey(key)));
            }
            connections.call(client, KVGrpc.getTxnMethod(), txn.build(), done);
        };
    }

    /** Puts neighbouring keys in one transaction. */
    CompletableFuture<?> putAll(long first, long last) {
        TxnRequest.Builder txn = TxnRequest.newBuilder();
        for (long i = first; i < last; i++) {
            txn.addSuccess(RequestOp.newBuilder().setRequestPut(put(data.key(i))));
        }
        return connections.ask((int) (first % 997), KVGrpc.getTxnMethod(), txn.build());
    }

    private PutRequest put(ByteString key) {
        return PutRequest.newBuilder().setKey(key).setValue(data.value()).build();
    }
}
