package dev.store.jepsen.workload;

import dev.store.api.v1.KeySelector;
import dev.store.api.v1.KeyValue;
import dev.store.api.v1.Put;
import dev.store.api.v1.PutRequest;
import dev.store.api.v1.Range;
import dev.store.api.v1.RangeRequest;
import dev.store.api.v1.RangeResponse;
import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.cluster.NodeClient;
import dev.store.jepsen.history.Recorder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** Unique elements that are added, one key each, and reads of all of them. */
public final class SetWorkload implements Workload {
    private static final String PREFIX = "set/";
    private static final int CLIENTS = 5;
    private static final int READ_PERCENT = 8;

    private final List<Node> nodes;
    private final Recorder recorder;
    private final Random random;
    private final Clients clients = new Clients();
    private final AtomicLong elements = new AtomicLong();

    public SetWorkload(List<Node> nodes, Recorder recorder, Random random) {
        this.nodes = nodes;
        this.recorder = recorder;
        this.random = random;
    }

    @Override
    public void start() {
        clients.start("set", CLIENTS, Duration.ofMillis(15), random, mine -> {
            Caller caller = new Caller(nodes, recorder, mine);
            return () -> turn(caller, mine);
        });
    }

    @Override
    public void close() {
        clients.close();
    }

    @Override
    public void finish() {
        Caller caller = new Caller(nodes, recorder, random);
        for (int i = 0; i < nodes.size(); i++) {
            Await.until(Await.PATIENCE, "a last read of the set", () -> caller.look(
                            "read-set", null, Map.of(), SetWorkload::read)
                    .isPresent());
        }
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
