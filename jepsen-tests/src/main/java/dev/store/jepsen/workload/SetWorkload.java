package dev.store.jepsen.workload;

import dev.store.api.v1.KeySelector;
import dev.store.api.v1.KeyValue;
import dev.store.api.v1.Put;
import dev.store.api.v1.PutRequest;
import dev.store.api.v1.Range;
import dev.store.api.v1.RangeRequest;
import dev.store.api.v1.RangeResponse;
import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.cluster.NodeClient;
import dev.store.jepsen.history.Recorder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** Unique elements that are added, one key each, and reads of all of them. */
public final class SetWorkload extends ClientsWorkload {
    private static final String PREFIX = "set/";
    private static final int CLIENTS = 5;
    private static final int READ_PERCENT = 8;

    private final AtomicLong elements = new AtomicLong();

    public SetWorkload(List<Node> nodes, Recorder recorder, Random random) {
        super(nodes, recorder, random, Crowd.of("set", CLIENTS, 15));
    }

    @Override
    Runnable client(Random mine) {
        Caller caller = newCaller(mine);
        return () -> turn(caller, mine);
    }

    @Override
    public void finish() {
        lastReads("read-set", SetWorkload::read);
    }

    private void turn(Caller caller, Random mine) {
        if (mine.nextInt(100) < READ_PERCENT) {
            caller.look("read-set", null, Map.of(), SetWorkload::read);
            return;
        }
        long element = elements.incrementAndGet();
        Put put = Put.newBuilder().setKey(Caller.bytes(PREFIX + element)).build();
        caller.change(
                "add",
                element,
                Map.of(),
                client -> Caller.Answer.at(
                        element,
                        client.kv(Caller.DEADLINE)
                                .put(PutRequest.newBuilder().setPut(put).build())
                                .getHeader()
                                .getRevision()));
    }

    private static Caller.Answer read(NodeClient client) {
        Range range = Range.newBuilder()
                .setKeys(KeySelector.newBuilder().setPrefix(Caller.bytes(PREFIX)))
                .setKeysOnly(true)
                .build();
        RangeResponse response = client.kv(Caller.DEADLINE)
                .range(RangeRequest.newBuilder().setRange(range).build());
        if (response.getResult().getMore()) {
            return Caller.Answer.refused("more than a page");
        }
        List<Object> found = new ArrayList<>();
        for (KeyValue entry : response.getResult().getEntriesList()) {
            found.add(Long.parseLong(entry.getKey().toStringUtf8().substring(PREFIX.length())));
        }
        return Caller.Answer.at(found, response.getHeader().getRevision());
    }
}
