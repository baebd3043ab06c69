package dev.store.jepsen.workload;

import dev.store.api.client.Bytes;
import dev.store.api.client.StoreClient;
import dev.store.api.error.GrpcErrors;
import dev.store.api.locks.HeldLock;
import dev.store.api.locks.LockSpec;
import dev.store.api.locks.Observation;
import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.history.Recorder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** Candidates that stand for election through the Java client, lead for a moment and resign, and observers. */
public final class ElectionWorkload extends ClientsWorkload {
    private static final String NAME = "election/leader";
    private static final int CLIENTS = 5;
    private static final int OBSERVERS = 3;

    private final String endpoints;
    private final List<StoreClient> stores = new ArrayList<>();
    private final List<Observation> observations = new ArrayList<>();
    private final List<List<Object>> seen = new ArrayList<>();
    private final AtomicLong terms = new AtomicLong();

    public ElectionWorkload(List<Node> nodes, Recorder recorder, Random random) {
        super(nodes, recorder, random, Crowd.of("election", CLIENTS, 5));
        this.endpoints = nodes.stream().map(Node::clientEndpoint).collect(Collectors.joining(","));
    }

    @Override
    public void start() {
        for (int i = 0; i < OBSERVERS; i++) {
            List<Object> sights = new ArrayList<>();
            seen.add(sights);
            observations.add(store().locks()
                    .observe(
                            NAME,
                            now -> now.ifPresent(holder -> {
                                synchronized (sights) {
                                    sights.add(List.of(holder.token(), holder.owner()));
                                }
                            })));
        }
        super.start();
    }

    @Override
    Runnable client(Random mine) {
        StoreClient store = store();
        Recorder.Worker worker = recorder.worker();
        return () -> turn(store, worker, mine);
    }

    @Override
    public void finish() {
        // One more leader, whom all observers must come to see.
        String owner = "last";
        HeldLock last = Await.answer(
                Await.PATIENCE,
                "a last leader",
                () -> java.util.Optional.of(store().locks()
                        .lock(LockSpec.exclusive(NAME).owner(owner).atMost(Duration.ofSeconds(20)))
                        .join()));
        Recorder.Worker worker = recorder.worker();
        for (int i = 0; i < observations.size(); i++) {
            List<Object> sights = seen.get(i);
            Await.until(Await.PATIENCE, "the last leader at each observer", () -> {
                synchronized (sights) {
                    return sights.contains(List.of(last.token(), owner));
                }
            });
            observations.get(i).close();
            worker.invoke("observation", (long) i, Map.of("key", NAME));
            synchronized (sights) {
                worker.ok(List.copyOf(sights), Map.of());
            }
        }
        last.close();
        stores.forEach(StoreClient::close);
    }

    private void turn(StoreClient store, Recorder.Worker worker, Random mine) {
        String owner = "candidate-" + terms.incrementAndGet();
        worker.invoke("lock", owner, Map.of("key", NAME, "lease-sent", 0L, "ttl", 0L));
        HeldLock held;
        try {
            held = store.locks()
                    .lock(LockSpec.exclusive(NAME)
                            .owner(owner)
                            .value(Bytes.of(owner))
                            .ttl(Duration.ofSeconds(3))
                            .atMost(Duration.ofSeconds(3)))
                    .join();
        } catch (CompletionException e) {
            worker.info(String.valueOf(GrpcErrors.fromGrpc(e).getMessage()), Map.of());
            return;
        }
        // What it is told of the loss of its lease it is told in time; until then it leads.
        boolean lost = held.lost().isDone();
        if (lost) {
            worker.info("lost at once", Map.of());
            held.close();
            return;
        }
        worker.ok(held.token(), Map.of("token", held.token()));
        Await.pass(Duration.ofMillis(mine.nextInt(100)));
        worker.invoke("unlock", held.token(), Map.of("key", NAME));
        held.close();
        worker.ok(held.token(), Map.of());
    }

    private StoreClient store() {
        StoreClient store = StoreClient.builder()
                .endpoints(endpoints)
                .timeout(Duration.ofSeconds(5))
                .build();
        synchronized (stores) {
            stores.add(store);
        }
        return store;
    }
}
