package dev.store.server.configuration;

import static dev.store.server.configuration.Wire.config;
import static dev.store.server.configuration.Wire.content;
import static dev.store.server.configuration.Wire.get;
import static dev.store.server.configuration.Wire.instance;
import static dev.store.server.configuration.Wire.key;
import static dev.store.server.configuration.Wire.publish;
import static dev.store.server.configuration.Wire.refused;
import static dev.store.server.configuration.Wire.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.v1.ConfigDeleteRequest;
import dev.store.api.v1.ConfigDeletion;
import dev.store.api.v1.ConfigEndGrayRequest;
import dev.store.api.v1.ConfigGrayRule;
import dev.store.api.v1.ConfigKnown;
import dev.store.api.v1.ConfigReceipt;
import dev.store.api.v1.ConfigReceiptsRequest;
import dev.store.api.v1.ConfigReceiptsResponse;
import dev.store.api.v1.ConfigRetention;
import dev.store.api.v1.ConfigSetRetentionRequest;
import dev.store.api.v1.ConfigStartGrayRequest;
import dev.store.api.v1.ConfigSubscribeResponse;
import dev.store.api.v1.ConfigSubscription;
import dev.store.server.testing.TestCluster;
import dev.store.server.testing.TestCluster.Node;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ConfigSubscribeTest {
    private TestCluster cluster;

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws IOException {
        cluster = TestCluster.start(folder, 3, Map.of());
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private static ConfigSubscription.Builder known(String entry, long version) {
        return WireSubscriber.to(entry)
                .addKnown(ConfigKnown.newBuilder().setKey(key(entry)).setVersion(version));
    }

    @Test
    void thePresentStateComesFirstThenTheMarkThenEveryVersionInOrder() {
        Node at = cluster.follower();
        publish(cluster.leader(), text("g/a", "1"));
        long revision =
                publish(cluster.leader(), text("other/a", "x")).getHeader().getRevision();
        ConfigSubscription.Builder fresh = ConfigSubscription.newBuilder().setAtLeastRevision(revision);
        try (WireSubscriber entries = new WireSubscriber(
                                at, WireSubscriber.to("g/a", "g/later").setAtLeastRevision(revision))
                        .awaitInStep();
                WireSubscriber group = new WireSubscriber(at, fresh.clone().addGroups("g")).awaitInStep();
                WireSubscriber all = new WireSubscriber(at, fresh).awaitInStep()) {
            for (int i = 2; i <= 20; i++) {
                publish(cluster.nodes().get(i % 3), text("g/a", String.valueOf(i)));
            }
            publish(cluster.leader(), text("g/later", "here"));
            config(cluster.leader())
                    .delete(ConfigDeleteRequest.newBuilder()
                            .addDeletions(ConfigDeletion.newBuilder().setKey(key("g/a")))
                            .build());

            entries.awaitChanges(22);
            assertThat(entries.told().get(0)).isEqualTo("g/a 1 PRESENT 1");
            for (int i = 2; i <= 20; i++) {
                assertThat(entries.told().get(i - 1)).isEqualTo("g/a " + i + " NEXT " + i);
            }
            assertThat(entries.told().subList(20, 22)).containsExactly("g/later 1 NEXT here", "g/a 21 NEXT -");
            group.awaitChanges(22);
            assertThat(group.told()).isEqualTo(entries.told());
            all.awaitChanges(23);
            assertThat(all.told()).contains("other/a 1 PRESENT x").containsAll(entries.told());
            assertThat(entries.messages())
                    .extracting(message -> message.getHeader().getRevision())
                    .isSorted();
        }
    }

    @Test
    void aReleaseOfSeveralEntriesComesInOneMessage() {
        try (WireSubscriber subscriber = new WireSubscriber(
                        cluster.follower(), ConfigSubscription.newBuilder().addGroups("g"))
                .awaitInStep()) {
            publish(cluster.leader(), text("g/a", "1"), text("g/b", "1"), text("x/c", "1"));

            subscriber.awaitChanges(2);
            assertThat(subscriber.messages())
                    .filteredOn(message -> message.getChangesCount() > 0)
                    .singleElement()
                    .satisfies(message -> assertThat(message.getChangesCount()).isEqualTo(2));
        }
    }

    @Test
    void twoSubscribersSeeTheVersionsThatAreMeantForThem() {
        long revision =
                publish(cluster.leader(), text("g/a", "old")).getHeader().getRevision();
        ConfigSubscription.Builder subscription = WireSubscriber.to("g/a").setAtLeastRevision(revision);
        try (WireSubscriber chosen = new WireSubscriber(
                                cluster.nodes().get(0),
                                subscription.clone().setInstance(instance("i1").putLabels("canary", "yes")))
                        .awaitInStep();
                WireSubscriber other = new WireSubscriber(
                                cluster.nodes().get(1), subscription.clone().setInstance(instance("i2")))
                        .awaitInStep()) {
            config(cluster.leader())
                    .startGray(ConfigStartGrayRequest.newBuilder()
                            .setDraft(text("g/a", "new"))
                            .setRule(ConfigGrayRule.newBuilder().putLabels("canary", "yes"))
                            .build());
            chosen.awaitChanges(2);
            config(cluster.leader())
                    .abortGray(
                            ConfigEndGrayRequest.newBuilder().setKey(key("g/a")).build());
            chosen.awaitChanges(3);
            config(cluster.leader())
                    .startGray(ConfigStartGrayRequest.newBuilder()
                            .setDraft(text("g/a", "newer"))
                            .setRule(ConfigGrayRule.newBuilder().addInstances("i1"))
                            .build());
            chosen.awaitChanges(4);
            config(cluster.leader())
                    .promoteGray(
                            ConfigEndGrayRequest.newBuilder().setKey(key("g/a")).build());
            publish(cluster.leader(), text("g/a", "last"));

            chosen.awaitChanges(5);
            assertThat(chosen.told())
                    .containsExactly(
                            "g/a 1 PRESENT old",
                            "g/a 2 NEXT new",
                            "g/a 1 REVERTED old",
                            "g/a 3 NEXT newer",
                            "g/a 4 NEXT last");
            other.awaitChanges(3);
            assertThat(other.told()).containsExactly("g/a 1 PRESENT old", "g/a 3 NEXT newer", "g/a 4 NEXT last");
        }
    }

    @Test
    void receiptsOfSubscribersOfAllMembersAreGatheredAndSilentMembersNamed() {
        long revision = publish(cluster.leader(), text("g/a", "1")).getHeader().getRevision();
        try (WireSubscriber one = new WireSubscriber(
                                cluster.nodes().get(0),
                                WireSubscriber.to("g/a")
                                        .setInstance(instance("one"))
                                        .setAtLeastRevision(revision))
                        .awaitInStep();
                WireSubscriber two = new WireSubscriber(
                                cluster.nodes().get(1),
                                ConfigSubscription.newBuilder()
                                        .addGroups("g")
                                        .setInstance(instance("two"))
                                        .setAtLeastRevision(revision))
                        .awaitInStep()) {
            one.acknowledge("g/a", 1, "");
            publish(cluster.leader(), text("g/a", "2"));
            one.awaitChanges(2);
            two.awaitChanges(2);
            two.acknowledge("g/a", 2, "cannot parse");

            Node asked = cluster.nodes().get(2);
            TestCluster.await("both receipts", () -> receipts(asked).getReceiptsList().stream()
                    .allMatch(receipt -> receipt.getAcknowledgedAtMs() > 0));
            assertThat(receipts(asked).getReceiptsList())
                    .extracting(
                            receipt -> receipt.getInstance().getId(),
                            ConfigReceipt::getMember,
                            ConfigReceipt::getSentVersion,
                            ConfigReceipt::getRunningVersion,
                            ConfigReceipt::getMeantVersion,
                            ConfigReceipt::getFailure)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple("one", "n1", 2L, 1L, 2L, ""),
                            org.assertj.core.groups.Tuple.tuple("two", "n2", 2L, 0L, 2L, "cannot parse"));
            assertThat(receipts(asked).getReceipts(0).getInstance().getAddress())
                    .isEqualTo("127.0.0.1");

            two.close();
            TestCluster.await("two is gone", () -> receipts(asked).getReceiptsCount() == 1);
            cluster.nodes().get(1).stop();
            TestCluster.await(
                    "n2 is silent", () -> receipts(asked).getSilentMembersList().equals(java.util.List.of("n2")));
        }
    }

    private static ConfigReceiptsResponse receipts(Node node) {
        return config(node)
                .receipts(ConfigReceiptsRequest.newBuilder().setKey(key("g/a")).build());
    }

    @Test
    void aSubscriberGoesOnAtAnotherMemberAfterItsOwnHasStopped() {
        Node first = cluster.follower();
        publish(cluster.leader(), text("g/a", "1"));
        try (WireSubscriber subscriber =
                new WireSubscriber(first, WireSubscriber.to("g/a").setAtLeastRevision(1)).awaitInStep()) {
            publish(cluster.leader(), text("g/a", "2"));
            subscriber.awaitChanges(2);
            first.server().close();
            subscriber.awaitEnd();
            assertThat(GrpcErrors.fromGrpc(Objects.requireNonNull(subscriber.failure()))
                            .code()
                            .retryable())
                    .isTrue();
        }
        for (int i = 3; i <= 5; i++) {
            publish(cluster.leader(), text("g/a", String.valueOf(i)));
        }
        try (WireSubscriber again = new WireSubscriber(cluster.leader(), known("g/a", 2)).awaitInStep()) {
            publish(cluster.leader(), text("g/a", "6"));
            again.awaitChanges(4);
            assertThat(again.told()).containsExactly("g/a 3 NEXT 3", "g/a 4 NEXT 4", "g/a 5 NEXT 5", "g/a 6 NEXT 6");
        }
    }

    @Test
    void aMemberThatIsBehindASubscriberCatchesUpInsteadOfGoingBack() {
        for (int i = 1; i <= 40; i++) {
            publish(cluster.leader(), text("g/a", String.valueOf(i)));
            try (WireSubscriber subscriber = new WireSubscriber(cluster.follower(), known("g/a", i)).awaitInStep()) {
                assertThat(subscriber.told()).isEmpty();
            }
        }
    }

    @Test
    void aSubscriberWhoseVersionIsNoLongerFollowedByKeptOnesIsToldOfTheGap() {
        config(cluster.leader())
                .setRetention(ConfigSetRetentionRequest.newBuilder()
                        .setGroup("g")
                        .setRetention(ConfigRetention.newBuilder().setMaxVersions(2))
                        .build());
        for (int i = 1; i <= 6; i++) {
            publish(cluster.leader(), text("g/a", String.valueOf(i)));
        }
        Node at = cluster.follower();
        long revision = get(cluster.leader(), "g/a").getRevision();

        try (WireSubscriber old = new WireSubscriber(at, known("g/a", 2).setAtLeastRevision(revision)).awaitInStep();
                WireSubscriber recent =
                        new WireSubscriber(at, known("g/a", 4).setAtLeastRevision(revision)).awaitInStep();
                WireSubscriber current =
                        new WireSubscriber(at, known("g/a", 6).setAtLeastRevision(revision)).awaitInStep()) {
            assertThat(old.told()).containsExactly("g/a 6 GAP 6");
            assertThat(recent.told()).containsExactly("g/a 5 NEXT 5", "g/a 6 NEXT 6");
            assertThat(current.told()).isEmpty();
        }
    }

    @Test
    void grayVersionsAreNotReplayedToThoseTheyWereNotMeantFor() {
        publish(cluster.leader(), text("g/a", "1"));
        config(cluster.leader())
                .startGray(ConfigStartGrayRequest.newBuilder()
                        .setDraft(text("g/a", "tried"))
                        .setRule(ConfigGrayRule.newBuilder().addInstances("i1"))
                        .build());
        config(cluster.leader())
                .abortGray(ConfigEndGrayRequest.newBuilder().setKey(key("g/a")).build());
        publish(cluster.leader(), text("g/a", "3"));
        long revision = publish(cluster.leader(), text("g/a", "4")).getHeader().getRevision();

        try (WireSubscriber subscriber =
                new WireSubscriber(cluster.follower(), known("g/a", 1).setAtLeastRevision(revision))) {
            subscriber.awaitInStep();
            assertThat(subscriber.told()).containsExactly("g/a 3 NEXT 3", "g/a 4 NEXT 4");
        }
    }

    /** More than a thousand publications, one after the other: the same entry admits no more at a time. */
    @Test
    @Timeout(300)
    void aSubscriberThatReadsNothingIsGivenThePresentStateWhenItReadsAgain() throws Exception {
        publish(cluster.leader(), text("g/a", "0"));
        try (PausedSubscriber subscriber = new PausedSubscriber(cluster.leader(), WireSubscriber.to("g/a"))) {
            subscriber.read(1);
            TestCluster.await("the state", () -> !subscriber.told().isEmpty());
            // More than connection and queue hold together.
            String large = "x".repeat(30_000);
            for (int i = 1; i <= 1_300; i++) {
                publish(cluster.leader(), text("g/a", i + large));
            }
            subscriber.read(5_000);
            TestCluster.await(
                    "the last version",
                    () -> subscriber.last() != null && subscriber.last().getVersion() == 1_301);

            assertThat(subscriber.told()).anyMatch(line -> line.contains("LAGGED"));
            assertThat(subscriber.versions()).isSorted().doesNotHaveDuplicates();
            publish(cluster.leader(), text("g/a", "in step again"));
            TestCluster.await(
                    "the next version",
                    () -> subscriber.last() != null && subscriber.last().getVersion() == 1_302);
            assertThat(subscriber.told().get(subscriber.told().size() - 1)).contains("NEXT");
        }
    }

    @Test
    void badSubscriptionsAreRefused() {
        Node node = cluster.leader();
        ConfigSubscription.Builder[] bad = {
            ConfigSubscription.newBuilder().addGroups("a/b"),
            ConfigSubscription.newBuilder().setNamespace("No"),
            ConfigSubscription.newBuilder().setInstance(instance("i").setAddress("example.com")),
            ConfigSubscription.newBuilder().setAtLeastRevision(-1)
        };
        for (ConfigSubscription.Builder subscription : bad) {
            try (WireSubscriber subscriber = new WireSubscriber(node, subscription)) {
                subscriber.awaitEnd();
                refused(ErrorCode.INVALID_ARGUMENT, () -> {
                    throw Objects.requireNonNull(subscriber.failure());
                });
            }
        }
        publish(node, text("g/a", "1"));
        try (WireSubscriber subscriber = new WireSubscriber(node, WireSubscriber.to("g/a")).awaitInStep()) {
            subscriber.acknowledge("g/never", 1, "");
            subscriber.awaitEnd();
        }
    }

    @Test
    void everyMemberServesTheStateAfterRestartAndConcurrentPublishersLoseNothing() throws Exception {
        Thread[] publishers = new Thread[3];
        for (int i = 0; i < 3; i++) {
            Node node = cluster.nodes().get(i);
            publishers[i] = new Thread(() -> {
                for (int n = 0; n < 20; n++) {
                    publish(node, text("g/a", node.name() + n), text("g/" + node.name(), String.valueOf(n)));
                }
            });
        }
        try (WireSubscriber subscriber = new WireSubscriber(cluster.leader(), WireSubscriber.to("g/a")).awaitInStep()) {
            for (Thread publisher : publishers) {
                publisher.start();
            }
            for (Thread publisher : publishers) {
                publisher.join();
            }
            subscriber.awaitChanges(60);
            assertThat(subscriber.changes())
                    .extracting(change -> change.getEntry().getVersion())
                    .containsExactlyElementsOf(java.util.stream.LongStream.rangeClosed(1, 60)
                            .boxed()
                            .toList());
            String last = content(cluster.leader(), "g/a");

            Node restarted = cluster.follower();
            restarted.stop();
            cluster.restart(restarted);
            TestCluster.await("ready", restarted::ready);

            assertThat(content(restarted, "g/a")).isEqualTo(last);
            assertThat(get(restarted, "g/n1").getVersion()).isEqualTo(20);
        }
    }

    @Test
    void theMarkComesOnce() {
        publish(cluster.leader(), text("g/a", "1"));
        try (WireSubscriber subscriber = new WireSubscriber(cluster.leader(), WireSubscriber.to("g/a")).awaitInStep()) {
            publish(cluster.leader(), text("g/a", "2"));
            subscriber.awaitChanges(2);
            assertThat(subscriber.messages())
                    .filteredOn(ConfigSubscribeResponse::getInStep)
                    .hasSize(1);
        }
    }
}
