package dev.store.api.examples;

import dev.store.api.client.Bytes;
import dev.store.api.client.Condition;
import dev.store.api.client.Entry;
import dev.store.api.client.EntryStream;
import dev.store.api.client.Keys;
import dev.store.api.client.Lease;
import dev.store.api.client.Op;
import dev.store.api.client.RangeAnswer;
import dev.store.api.client.RangeOp;
import dev.store.api.client.StoreClient;
import dev.store.api.client.TxnAnswer;
import dev.store.api.client.Watch;
import dev.store.api.client.WatchEvent;
import dev.store.api.client.WatchEvents;
import dev.store.api.client.WatchListener;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The examples of docs/java-client.md: each Java block there is a part of this file, so that it compiles. */
final class JavaClientExamples {
    private JavaClientExamples() {}

    static void start() {
        try (StoreClient store = StoreClient.connect("127.0.0.1:7400,127.0.0.1:7410,127.0.0.1:7420")) {
            long revision = store.kv().put("config/currency", "EUR").join().revision();
            Optional<String> currency = store.kv().get("config/currency").join().utf8();
            System.out.println(currency.orElse("?") + " since revision " + revision);
        }
    }

    static void requests(StoreClient store, long leaseId) {
        Optional<Entry> before = store.kv()
                .put(Op.put("config/currency", "USD").lease(leaseId).returnPrevious())
                .join()
                .previous();
        long deleted = store.kv().delete(Keys.prefix("config/")).join().deleted();
        System.out.println(before + ", then deleted " + deleted);
    }

    static void pages(StoreClient store) {
        RangeOp range = Op.range(Keys.prefix("service/")).limit(500).keysOnly();
        RangeAnswer page = store.kv().range(range).join();
        while (page.more()) {
            page = store.kv().range(range.after(page)).join();
        }
    }

    static void stream(StoreClient store) {
        try (EntryStream entries = store.kv().stream(Keys.prefix("service/"))) {
            for (Entry entry : entries) {
                System.out.println(entry.key() + " = " + entry.utf8());
            }
        }
    }

    static boolean transfer(StoreClient store, Entry from, String left, Entry to, String now) {
        TxnAnswer answer = store.kv()
                .txn(Op.txn()
                        .when(Condition.unchanged(from), Condition.unchanged(to))
                        .then(Op.put(from.key(), Bytes.of(left)), Op.put(to.key(), Bytes.of(now)))
                        .otherwise(Op.range(Keys.of(from.key())), Op.range(Keys.of(to.key()))))
                .join();
        return answer.succeeded();
    }

    static void freshness(StoreClient store, long revision) {
        store.kv().get("a").join(); // linearizable
        store.kv().serializable().get("a").join(); // fast, never behind what this client has seen
        store.kv().serializable().atLeast(revision).get("a").join(); // not behind what somebody else told
        store.kv().get(Bytes.of("a"), revision).join(); // as it was then
    }

    static Watch watch(StoreClient store, Map<String, String> config) {
        return store.watch()
                .prefix("config/")
                .snapshot()
                .resnapshotWhenCompacted()
                .start(new WatchListener() {
                    @Override
                    public void onSnapshotStarted() {
                        config.clear();
                    }

                    @Override
                    public void onSnapshotEntries(List<Entry> entries) {
                        entries.forEach(entry -> config.put(entry.key().utf8(), entry.utf8()));
                    }

                    @Override
                    public void onEvents(WatchEvents batch) {
                        for (WatchEvent event : batch.events()) {
                            if (event.type() == WatchEvent.Type.PUT) {
                                config.put(event.key().utf8(), event.entry().utf8());
                            } else {
                                config.remove(event.key().utf8());
                            }
                        }
                    }

                    @Override
                    public void onClosed(@Nullable StoreException cause) {
                        System.out.println("watch ended: " + cause);
                    }
                });
    }

    static void register(StoreClient store) {
        try (Lease lease = store.leases().open(Duration.ofSeconds(10)).join()) {
            store.kv()
                    .put(Op.put("service/payments/node-1", "10.0.0.1:8080").lease(lease.id()))
                    .join();
            serveUntil(lease.lost()); // then register again
        }
    }

    static void errors(StoreClient store) {
        try {
            store.kv().put("a", "1").join();
        } catch (RuntimeException e) {
            StoreException error = GrpcErrors.fromGrpc(e);
            if (error.code().outcome() == ErrorCode.Outcome.UNKNOWN) {
                System.out.println("it may have been put: " + error.getMessage());
            }
        }
    }

    static StoreClient settings() {
        return StoreClient.builder()
                .endpoints(List.of("127.0.0.1:7400", "127.0.0.1:7410", "127.0.0.1:7420"))
                .namespace("payments")
                .timeout(Duration.ofSeconds(2))
                .build();
    }

    private static void serveUntil(CompletableFuture<StoreException> lost) {
        System.out.println("the lease was lost: " + lost.join());
    }

    static Map<String, String> emptyConfig() {
        return new ConcurrentHashMap<>();
    }
}
