package dev.store.jepsen.workload;

import dev.store.api.v1.Compare;
import dev.store.api.v1.KeySelector;
import dev.store.api.v1.KeyValue;
import dev.store.api.v1.Put;
import dev.store.api.v1.PutRequest;
import dev.store.api.v1.Range;
import dev.store.api.v1.RangeRequest;
import dev.store.api.v1.RangeResponse;
import dev.store.api.v1.ReadConsistency;
import dev.store.api.v1.ReadOptions;
import dev.store.api.v1.Txn;
import dev.store.api.v1.TxnOp;
import dev.store.api.v1.TxnRequest;
import dev.store.api.v1.TxnResponse;
import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.cluster.NodeClient;
import dev.store.jepsen.history.Recorder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** Transfers between accounts, and reads of all balances, now and as they were. */
public final class BankWorkload extends ClientsWorkload {
    /** What all accounts hold together. */
    public static final long TOTAL = 800;

    private static final String PREFIX = "bank/";
    private static final int ACCOUNTS = 8;
    private static final int CLIENTS = 9;
    private static final int BACK = 300;

    private final AtomicLong newest = new AtomicLong();
    private volatile long first;

    public BankWorkload(List<Node> nodes, Recorder recorder, Random random) {
        super(nodes, recorder, random, Crowd.of("bank", CLIENTS, 10));
    }

    @Override
    public void prepare() {
        Txn.Builder txn = Txn.newBuilder();
        for (int i = 0; i < ACCOUNTS; i++) {
            txn.addThen(TxnOp.newBuilder().setPut(put(i, TOTAL / ACCOUNTS)));
        }
        first = Await.answer(
                Await.PATIENCE,
                "the accounts",
                () -> java.util.Optional.of(nodes.get(0)
                        .client()
                        .kv(Caller.DEADLINE)
                        .txn(TxnRequest.newBuilder().setTxn(txn).build())
                        .getHeader()
                        .getRevision()));
        newest.set(first);
    }

    @Override
    Runnable client(Random mine) {
        Caller caller = newCaller(mine);
        return () -> turn(caller, mine);
    }

    @Override
    public void finish() {
        lastReads("bank-read", client -> read(client, 0));
    }

    private void turn(Caller caller, Random mine) {
        int dice = mine.nextInt(100);
        if (dice < 25) {
            caller.look("bank-read", null, Map.of(), client -> read(client, 0));
        } else if (dice < 45) {
            long asked = Math.max(first, newest.get() - mine.nextInt(BACK));
            caller.look("bank-read-at", asked, Map.of(), client -> read(client, asked));
        } else {
            int from = mine.nextInt(ACCOUNTS);
            int to = (from + 1 + mine.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
            long amount = 1L + mine.nextInt(20);
            caller.change(
                    "transfer",
                    List.of((long) from, (long) to, amount),
                    Map.of(),
                    client -> transfer(client, from, to, amount));
        }
    }

    private Caller.Answer read(NodeClient client, long at) {
        ReadConsistency consistency =
                at == 0 ? ReadConsistency.READ_CONSISTENCY_LINEARIZABLE : ReadConsistency.READ_CONSISTENCY_SERIALIZABLE;
        RangeResponse response = range(client, at, consistency);
        List<Object> balances = new ArrayList<>();
        for (KeyValue entry : response.getResult().getEntriesList()) {
            balances.add(Long.parseLong(entry.getValue().toStringUtf8()));
        }
        long revision = response.getHeader().getRevision();
        newest.accumulateAndGet(revision, Math::max);
        return Caller.Answer.of(balances, Map.of("revision", revision, "at", at == 0 ? revision : at));
    }

    private static RangeResponse range(NodeClient client, long at, ReadConsistency consistency) {
        Range.Builder range = Range.newBuilder()
                .setKeys(KeySelector.newBuilder().setPrefix(Caller.bytes(PREFIX)))
                .setRevision(at);
        return client.kv(Caller.DEADLINE)
                .range(RangeRequest.newBuilder()
                        .setRead(ReadOptions.newBuilder()
                                .setConsistency(consistency)
                                .setAtLeastRevision(at))
                        .setRange(range)
                        .build());
    }

    private static Caller.Answer transfer(NodeClient client, int from, int to, long amount) {
        List<KeyValue> entries = range(client, 0, ReadConsistency.READ_CONSISTENCY_LINEARIZABLE)
                .getResult()
                .getEntriesList();
        if (entries.size() != ACCOUNTS) {
            return Caller.Answer.refused("only " + entries.size() + " accounts");
        }
        KeyValue source = entries.get(from);
        KeyValue target = entries.get(to);
        long left = balance(source) - amount;
        if (left < 0) {
            return Caller.Answer.refused("not enough money");
        }
        Txn txn = Txn.newBuilder()
                .addCompares(unchanged(source))
                .addCompares(unchanged(target))
                .addThen(TxnOp.newBuilder().setPut(put(from, left)))
                .addThen(TxnOp.newBuilder().setPut(put(to, balance(target) + amount)))
                .build();
        TxnResponse response = client.kv(Caller.DEADLINE)
                .txn(TxnRequest.newBuilder().setTxn(txn).build());
        return response.getResult().getSucceeded()
                ? Caller.Answer.at(null, response.getHeader().getRevision())
                : Caller.Answer.refused("something was changed meanwhile");
    }

    private static Compare unchanged(KeyValue entry) {
        return Compare.newBuilder()
                .setKeys(KeySelector.newBuilder().setKey(entry.getKey()))
                .setModRevision(entry.getModRevision())
                .build();
    }

    private static long balance(KeyValue entry) {
        return Long.parseLong(entry.getValue().toStringUtf8());
    }

    private static Put put(int account, long balance) {
        return PutRequest.newBuilder()
                .getPutBuilder()
                .setKey(Caller.bytes(PREFIX + account))
                .setValue(Caller.bytes(Long.toString(balance)))
                .build();
    }
}
