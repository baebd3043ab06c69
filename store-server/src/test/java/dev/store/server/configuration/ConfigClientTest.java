package dev.store.server.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.store.api.client.StoreClient;
import dev.store.api.configuration.ConfigChange;
import dev.store.api.configuration.ConfigClient;
import dev.store.api.configuration.ConfigFormat;
import dev.store.api.configuration.ConfigSubscriber;
import dev.store.api.configuration.ConfigVersion;
import dev.store.api.configuration.Draft;
import dev.store.api.configuration.GrayRule;
import dev.store.api.configuration.Identity;
import dev.store.api.configuration.LiveConfig;
import dev.store.api.configuration.Release;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.server.testing.TestCluster;
import dev.store.server.testing.TestCluster.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Java client against three real nodes. */
@Timeout(120)
class ConfigClientTest {
    private TestCluster cluster;
    private StoreClient store;
    private ConfigClient config;

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws IOException {
        cluster = TestCluster.start(folder, 3, Map.of());
        store = connect();
        config = store.config();
    }

    @AfterEach
    void stop() {
        store.close();
        cluster.close();
    }

    private StoreClient connect() {
        return StoreClient.builder()
                .endpoints(cluster.nodes().stream().map(Node::clientEndpoint).collect(Collectors.joining(",")))
                .timeout(Duration.ofSeconds(20))
                .build();
    }

    private static String line(ConfigChange change) {
        return change.version().number() + " " + change.kind() + " "
                + change.version().text();
    }

    @Test
    void entriesArePublishedReadComparedAndRolledBack() {
        config.publish(Release.of(
                                Draft.of("pay/limits", "{\"max\": 1}").as(ConfigFormat.JSON),
                                Draft.of("pay/motd", "hi ${pay/limits:max}"))
                        .author("ann")
                        .comment("first"))
                .join();
        config.publish(Draft.of("pay/limits", "{\"max\": 2}").keepMetadata().expect(1))
                .join();

        assertThat(config.get("pay/limits").join().values().integer("max", 0)).isEqualTo(2);
        assertThat(config.get("pay/limits", 1).join().text()).isEqualTo("{\"max\": 1}");
        assertThat(config.resolved("pay/motd").join().text()).isEqualTo("hi 2");
        assertThat(config.diff("pay/limits", 1, 2).join()).contains("-{\"max\": 1}", "+{\"max\": 2}");
        assertThat(config.rollback("pay/limits", 1, "back").join().first().version())
                .isEqualTo(3);
        assertThat(config.history("pay/limits").join())
                .extracting(ConfigVersion::number)
                .containsExactly(3L, 2L, 1L);
        assertThat(config.list("pay").join())
                .extracting(version -> version.name().toString())
                .containsExactly("pay/limits", "pay/motd");
        config.delete("pay/motd").join();
        assertThatThrownBy(() -> config.get("pay/motd").join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(StoreException.class)
                .cause()
                .extracting(cause -> ((StoreException) cause).code())
                .isEqualTo(ErrorCode.CONFIG_NOT_FOUND);
    }

    @Test
    void valuesAreTypedAndListenersAreToldOfKeysWithOldAndNewValue() throws Exception {
        config.publish(Draft.of("g/app", "db:\n  hosts: [a, b]\ntimeout: 30s\non: true")
                        .as(ConfigFormat.YAML))
                .join();
        List<String> keys = new CopyOnWriteArrayList<>();
        try (LiveConfig live = config.follow().entry("g/app").open()) {
            assertThat(live.await(Duration.ofSeconds(20))).isTrue();
            live.onKey("g/app", "timeout", (before, now) -> keys.add(before + " -> " + now));

            assertThat(live.values("g/app").list("db.hosts")).containsExactly("a", "b");
            assertThat(live.values("g/app").string("db.hosts[1]")).contains("b");
            assertThat(live.values("g/app").duration("timeout", Duration.ZERO)).isEqualTo(Duration.ofSeconds(30));
            assertThat(live.values("g/app").bool("on", false)).isTrue();
            assertThat(live.values("g/app").integer("missing", 7)).isEqualTo(7);

            config.publish(Draft.of("g/app", "timeout: 30s").as(ConfigFormat.YAML))
                    .join();
            config.publish(Draft.of("g/app", "timeout: 1m").as(ConfigFormat.YAML))
                    .join();
            TestCluster.await("the new value", () -> !keys.isEmpty());
            assertThat(keys).containsExactly("30s -> 1m");
        }
    }

    @Test
    void aPromotionCanWaitForTheReceiptsOfAllSubscribers() {
        config.publish(Draft.of("g/a", "old")).join();
        CountDownLatch slow = new CountDownLatch(1);
        List<String> first = new CopyOnWriteArrayList<>();
        try (ConfigSubscriber one =
                        config.follow().entry("g/a").as(Identity.of("one")).start(change -> first.add(line(change)));
                ConfigSubscriber two = config.follow()
                        .group("g")
                        .as(Identity.of("two"))
                        .start(change -> {
                            if (change.version().text().equals("new")) {
                                awaitQuietly(slow);
                            }
                        })) {
            one.begun().join();
            two.begun().join();
            config.awaitReceipts("g/a", Duration.ofSeconds(20)).join();
            assertThat(config.startGray(Draft.of("g/a", "new"), GrayRule.instances("one"))
                            .join())
                    .isEqualTo(2);
            config.awaitReceipts("g/a", Duration.ofSeconds(20)).join();
            assertThat(first).containsExactly("1 PRESENT old", "2 NEXT new");

            config.promoteGray("g/a").join();

            assertThatThrownBy(() ->
                            config.awaitReceipts("g/a", Duration.ofMillis(300)).join())
                    .hasMessageContaining("subscribers behind [two]");
            slow.countDown();
            var receipts = config.awaitReceipts("g/a", Duration.ofSeconds(20)).join();
            assertThat(receipts.subscribers())
                    .allSatisfy(subscriber -> assertThat(subscriber.running()).isEqualTo(2));
            assertThat(receipts.subscribers()).hasSize(2);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whatAListenerThrowsStandsInItsReceipt() {
        config.publish(Draft.of("g/a", "1")).join();
        try (ConfigSubscriber subscriber = config.follow()
                .entry("g/a")
                .as(Identity.of("i"))
                .start(change -> {
                    throw new IllegalStateException(
                            "cannot take " + change.version().text());
                })) {
            subscriber.begun().join();
            TestCluster.await("the failure", () -> config.receipts("g/a").join().subscribers().stream()
                    .anyMatch(receipt -> receipt.failure().contains("cannot take 1") && receipt.running() == 0));
        }
    }

    @Test
    void aSubscriberGoesOnWithoutGapOrRepetitionWhenMembersStopOneAfterTheOther() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        config.publish(Draft.of("g/a", "1")).join();
        try (ConfigSubscriber subscriber =
                config.follow().entry("g/a").as(Identity.of("i")).start(change -> told.add(line(change)))) {
            subscriber.begun().join();
            int version = 1;
            for (Node node : cluster.nodes()) {
                node.stop();
                for (int i = 0; i < 5; i++) {
                    version++;
                    config.publish(Draft.of("g/a", String.valueOf(version))).join();
                }
                cluster.restart(node);
                TestCluster.await("ready", node::ready);
            }
            int last = version;
            TestCluster.await("all of them", () -> told.size() >= last);
            for (int i = 2; i <= last; i++) {
                assertThat(told.get(i - 1)).isEqualTo(i + " NEXT " + i);
            }
            var receipts = config.awaitReceipts("g/a", Duration.ofSeconds(30)).join();
            assertThat(receipts.subscribers()).singleElement().satisfies(receipt -> assertThat(receipt.running())
                    .isEqualTo(last));
        }
    }

    @Test
    void anInstanceStartsFromTheLocalFileWhileTheWholeClusterIsDown() throws Exception {
        Path cache = folder.resolve("cache");
        config.publish(Release.of(Draft.of("g/a", "a=1").as(ConfigFormat.PROPERTIES), Draft.of("g/b", "x")))
                .join();
        try (LiveConfig live = config.follow().group("g").cachedIn(cache).open()) {
            assertThat(live.await(Duration.ofSeconds(20))).isTrue();
            assertThat(live.version("g/a").orElseThrow().stale()).isFalse();
        }
        config.delete("g/b").join();
        Files.writeString(cache.resolve("default/g/broken.config"), "not what was written");
        store.close();
        cluster.nodes().forEach(Node::stop);

        store = connect();
        config = store.config();
        try (LiveConfig live = config.follow()
                .group("g")
                .cachedIn(cache)
                .cacheAfter(Duration.ofMillis(200))
                .open()) {
            assertThat(live.await(Duration.ofSeconds(20))).isTrue();
            assertThat(live.version("g/a").orElseThrow().stale()).isTrue();
            assertThat(live.values("g/a").integer("a", 0)).isEqualTo(1);
            assertThat(live.version("g/b")).isPresent();
            assertThat(live.version("g/broken")).isEmpty();

            for (Node node : cluster.nodes()) {
                cluster.restart(node);
            }
            TestCluster.await(
                    "the true state",
                    () -> !live.version("g/a").orElseThrow().stale()
                            && live.version("g/b").isEmpty());
        }
    }

    @Test
    void aListenerThatIsSlowGetsEveryVersionAllTheSame() {
        CountDownLatch go = new CountDownLatch(1);
        List<Long> numbers = new CopyOnWriteArrayList<>();
        config.publish(Draft.of("g/a", "1")).join();
        // All versions are kept.
        try (ConfigSubscriber subscriber = config.follow().entry("g/a").start(change -> {
            numbers.add(change.version().number());
            if (numbers.size() == 2) {
                awaitQuietly(go);
            }
        })) {
            subscriber.begun().join();
            for (int i = 2; i <= 340; i++) {
                config.publish(Draft.of("g/a", String.valueOf(i))).join();
            }
            go.countDown();
            TestCluster.await("the last version", () -> !numbers.isEmpty() && numbers.get(numbers.size() - 1) == 340);
            assertThat(numbers).isSorted().doesNotHaveDuplicates();
        }
    }
}
