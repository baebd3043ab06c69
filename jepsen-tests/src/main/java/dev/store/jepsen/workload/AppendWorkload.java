package dev.store.jepsen.workload;

import dev.store.api.v1.Compare;
import dev.store.api.v1.KeySelector;
import dev.store.api.v1.KeyValue;
import dev.store.api.v1.Put;
import dev.store.api.v1.Range;
import dev.store.api.v1.Txn;
import dev.store.api.v1.TxnOp;
import dev.store.api.v1.TxnOpResult;
import dev.store.api.v1.TxnRequest;
import dev.store.api.v1.TxnResponse;
import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.cluster.NodeClient;
import dev.store.jepsen.history.Keyword;
import dev.store.jepsen.history.Recorder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * Transactions of up to four operations that append to lists and read them. A list is one value; a transaction reads what
 * it touches at one revision, and writes if all of that is unchanged.
 */
public final class AppendWorkload extends ClientsWorkload {
    private static final String PREFIX = "append/";
    private static final int CLIENTS = 9;
    private static final int ACTIVE = 6;
    private static final int PER_KEY = 60;
    private static final Keyword APPEND = new Keyword("append");
    private static final Keyword READ = new Keyword("r");

    private final AtomicLong elements = new AtomicLong();

    public AppendWorkload(List<Node> nodes, Recorder recorder, Random random) {
        super(nodes, recorder, random, Crowd.of("append", CLIENTS, 10));
    }

    /** One operation: an element to append, or 0 to read. */
    private record Mop(String key, long element) {
        List<Object> argument() {
            return element > 0 ? List.of(APPEND, key, element) : Arrays.asList(READ, key, null);
        }
    }

    private record State(Map<String, List<Long>> lists, Map<String, Long> revisions, long revision) {}

    @Override
    Runnable client(Random mine) {
        Caller caller = newCaller(mine);
        return () -> {
            List<Mop> mops = mops(mine);
            caller.change("txn", arguments(mops), Map.of(), client -> run(client, mops));
        };
    }

    @Override
    public void finish() {
        Caller caller = newCaller(random);
        long last = elements.get() / PER_KEY + ACTIVE;
        for (long i = 0; i <= last; i++) {
            List<Mop> mops = List.of(new Mop(PREFIX + i, 0));
            Await.until(Await.PATIENCE, "a last read of a list", () -> caller.look(
                            "txn", arguments(mops), Map.of(), client -> run(client, mops))
                    .isPresent());
        }
    }

    private List<Mop> mops(Random mine) {
        List<Mop> mops = new ArrayList<>();
        int count = 1 + mine.nextInt(4);
        for (int i = 0; i < count; i++) {
            boolean appends = mine.nextBoolean();
            long element = appends ? elements.incrementAndGet() : 0;
            // Keys go out of use, so that lists stay short.
            mops.add(new Mop(PREFIX + (elements.get() / PER_KEY + mine.nextInt(ACTIVE)), element));
        }
        return mops;
    }

    private static List<Object> arguments(List<Mop> mops) {
        return mops.stream().map(mop -> (Object) mop.argument()).toList();
    }

    private static Caller.Answer run(NodeClient client, List<Mop> mops) {
        Set<String> keys = mops.stream().map(Mop::key).collect(Collectors.toCollection(LinkedHashSet::new));
        State before = read(client, keys);
        Map<String, List<Long>> lists = new HashMap<>(before.lists());
        Set<String> written = new LinkedHashSet<>();
        List<Object> answer = new ArrayList<>();
        for (Mop mop : mops) {
            if (mop.element() > 0) {
                List<Long> list = new ArrayList<>(lists.getOrDefault(mop.key(), List.of()));
                list.add(mop.element());
                lists.put(mop.key(), list);
                written.add(mop.key());
                answer.add(mop.argument());
            } else {
                answer.add(List.of(READ, mop.key(), List.copyOf(lists.getOrDefault(mop.key(), List.of()))));
            }
        }
        if (written.isEmpty()) {
            return Caller.Answer.at(answer, before.revision());
        }
        Txn.Builder txn = Txn.newBuilder();
        for (String key : keys) {
            txn.addCompares(Compare.newBuilder()
                    .setKeys(KeySelector.newBuilder().setKey(Caller.bytes(key)))
                    .setModRevision(before.revisions().getOrDefault(key, 0L)));
        }
        for (String key : written) {
            String value = lists.getOrDefault(key, List.of()).stream()
                    .map(String::valueOf)
                    .collect(Collectors.joining(","));
            txn.addThen(TxnOp.newBuilder()
                    .setPut(Put.newBuilder().setKey(Caller.bytes(key)).setValue(Caller.bytes(value))));
        }
        TxnResponse response = client.kv(Caller.DEADLINE)
                .txn(TxnRequest.newBuilder().setTxn(txn).build());
        return response.getResult().getSucceeded()
                ? Caller.Answer.at(answer, response.getHeader().getRevision())
                : Caller.Answer.refused("something was changed meanwhile");
    }

    private static State read(NodeClient client, Set<String> keys) {
        Txn.Builder txn = Txn.newBuilder();
        for (String key : keys) {
            txn.addThen(TxnOp.newBuilder()
                    .setRange(
                            Range.newBuilder().setKeys(KeySelector.newBuilder().setKey(Caller.bytes(key)))));
        }
        TxnResponse response = client.kv(Caller.DEADLINE)
                .txn(TxnRequest.newBuilder().setTxn(txn).build());
        Map<String, List<Long>> lists = new LinkedHashMap<>();
        Map<String, Long> revisions = new HashMap<>();
        for (TxnOpResult result : response.getResult().getResultsList()) {
            for (KeyValue entry : result.getRange().getEntriesList()) {
                String key = entry.getKey().toStringUtf8();
                revisions.put(key, entry.getModRevision());
                lists.put(
                        key,
                        Arrays.stream(entry.getValue().toStringUtf8().split(",", -1))
                                .map(Long::parseLong)
                                .toList());
            }
        }
        return new State(lists, revisions, response.getHeader().getRevision());
    }
}
