package dev.store.server.training;

import dev.store.api.client.Bytes;
import dev.store.api.client.Condition;
import dev.store.api.client.Keys;
import dev.store.api.client.LeaseGrant;
import dev.store.api.client.Op;
import dev.store.api.client.StoreClient;
import dev.store.api.client.Watch;
import dev.store.api.configuration.ConfigFormat;
import dev.store.api.configuration.Draft;
import dev.store.api.discovery.RegisteredInstance;
import dev.store.api.discovery.Registration;
import dev.store.api.discovery.ServiceQuery;
import dev.store.api.locks.HeldLock;
import dev.store.server.ServerMain;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Has nodes of its own serve a little of everything, so that bin/store can have the JVM archive what a server loads. Prints
 * {@code trained}, and ends with 0, if all of it went well. Its argument names a folder that it makes and removes again.
 */
public final class Training {
    private static final long LONGEST_SECONDS = 60;
    private static final Duration CALL = Duration.ofSeconds(20);

    private Training() {}

    public static void main(String[] args) throws IOException {
        CompletableFuture<Void> trained = new CompletableFuture<>();
        // Whoever starts a server waits for this: rather no archive than a long wait.
        CompletableFuture.delayedExecutor(LONGEST_SECONDS, TimeUnit.SECONDS).execute(() -> {
            if (!trained.isDone()) {
                Runtime.getRuntime().halt(1);
            }
        });
        ServerMain.main(new String[] {"server", "--help"});
        try (TrainingCluster cluster = TrainingCluster.start(Path.of(args[0]))) {
            cluster.awaitReady();
            try (StoreClient client = StoreClient.builder()
                    .endpoints(cluster.endpoints())
                    .timeout(CALL)
                    .build()) {
                useKeys(client);
                useFaces(client);
            }
        }
        System.out.println("trained");
        System.out.flush();
        trained.complete(null);
        System.exit(0);
    }

    private static void useKeys(StoreClient client) {
        CompletableFuture<Void> seen = new CompletableFuture<>();
        try (Watch watch = client.watch().prefix("key").snapshot().start(events -> seen.complete(null))) {
            client.kv().put("key", "value").join();
            client.kv().get("key").join();
            client.kv().serializable().get("key").join();
            client.kv().range(Keys.prefix("key")).join();
            client.kv()
                    .txn(Op.txn().when(Condition.exists("key")).then(Op.put("key", "other"), Op.get("key")))
                    .join();
            client.kv().delete("key").join();
            seen.orTimeout(CALL.toSeconds(), TimeUnit.SECONDS).join();
        }
        LeaseGrant lease = client.leases().grant(CALL).join();
        client.leases().timeToLive(lease.id()).join();
        client.leases().revoke(lease.id()).join();
        client.cluster().members().join();
    }

    private static void useFaces(StoreClient client) {
        HeldLock lock = client.locks().lock("lock").join();
        lock.proclaim(Bytes.of("value")).join();
        lock.unlock().join();
        RegisteredInstance instance = client.services()
                .register(Registration.of("service", "node", "1")
                        .address("127.0.0.1")
                        .port("grpc", 1))
                .join();
        client.services().resolve(ServiceQuery.of("service").linearizable()).join();
        instance.deregister().join();
        client.config()
                .publish(Draft.of("group/entry", "{\"a\": 1}").as(ConfigFormat.JSON))
                .join();
        client.config().get("group/entry").join();
    }
}
