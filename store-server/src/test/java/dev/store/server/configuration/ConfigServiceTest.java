package dev.store.server.configuration;

import static dev.store.server.configuration.Wire.config;
import static dev.store.server.configuration.Wire.content;
import static dev.store.server.configuration.Wire.contentOf;
import static dev.store.server.configuration.Wire.get;
import static dev.store.server.configuration.Wire.key;
import static dev.store.server.configuration.Wire.publish;
import static dev.store.server.configuration.Wire.refused;
import static dev.store.server.configuration.Wire.release;
import static dev.store.server.configuration.Wire.text;
import static dev.store.server.configuration.Wire.typed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import dev.store.api.v1.ConfigCause;
import dev.store.api.v1.ConfigDeleteRequest;
import dev.store.api.v1.ConfigDeletion;
import dev.store.api.v1.ConfigDiffRequest;
import dev.store.api.v1.ConfigEntry;
import dev.store.api.v1.ConfigGrayRule;
import dev.store.api.v1.ConfigHistoryRequest;
import dev.store.api.v1.ConfigListRequest;
import dev.store.api.v1.ConfigMatch;
import dev.store.api.v1.ConfigOutcome;
import dev.store.api.v1.ConfigPublishRequest;
import dev.store.api.v1.ConfigPublishResponse;
import dev.store.api.v1.ConfigRetention;
import dev.store.api.v1.ConfigRollbackRequest;
import dev.store.api.v1.ConfigSearchRequest;
import dev.store.api.v1.ConfigSetRetentionRequest;
import dev.store.api.v1.ConfigStartGrayRequest;
import dev.store.api.v1.ConfigType;
import dev.store.api.v1.OperationId;
import dev.store.server.testing.TestCluster;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigServiceTest extends OneConfigNode {
    @Test
    void aPublishedEntryIsReadWithAllThatIsKnownOfIt() {
        ConfigPublishResponse published = config(node)
                .publish(release(typed(entry("app"), ConfigType.CONFIG_TYPE_JSON, "{\"a\":1}")
                                .putLabels("team", "pay")
                                .setDescription("of the app"))
                        .toBuilder()
                        .setAuthor("ann")
                        .setComment("first")
                        .build());

        ConfigEntry entry = get(node, entry("app"));
        assertThat(entry.getContent().toStringUtf8()).isEqualTo("{\"a\":1}");
        assertThat(entry.getVersion()).isEqualTo(1);
        assertThat(entry.getType()).isEqualTo(ConfigType.CONFIG_TYPE_JSON);
        assertThat(entry.getLabelsMap()).containsExactly(Map.entry("team", "pay"));
        assertThat(entry.getDescription()).isEqualTo("of the app");
        assertThat(entry.getAuthor()).isEqualTo("ann");
        assertThat(entry.getComment()).isEqualTo("first");
        assertThat(entry.getFromAddress()).isEqualTo("127.0.0.1");
        assertThat(entry.getPublishedAtMs()).isPositive();
        assertThat(entry.getChecksum().size()).isEqualTo(32);
        assertThat(entry.getRevision()).isEqualTo(published.getHeader().getRevision());
        assertThat(published.getOutcomesList()).singleElement().satisfies(outcome -> {
            assertThat(outcome.getChanged()).isTrue();
            assertThat(outcome.getVersion()).isEqualTo(1);
            assertThat(outcome.getPreviousVersion()).isZero();
        });
    }

    @Test
    void aReleaseOfSeveralEntriesIsOneRevisionOrNothing() {
        publish(node, text(entry("a"), "1"));

        ConfigPublishResponse both = publish(node, text(entry("a"), "2"), text(entry("b"), "2"));
        assertThat(get(node, entry("a")).getRevision())
                .isEqualTo(both.getHeader().getRevision());
        assertThat(get(node, entry("b")).getRevision())
                .isEqualTo(both.getHeader().getRevision());

        refused(
                ErrorCode.VERSION_CONFLICT,
                () -> publish(node, text(entry("b"), "3"), text(entry("a"), "3").setExpectedVersion(1)));
        assertThat(content(node, entry("b"))).isEqualTo("2");
    }

    @Test
    void aPublishAgainstAnotherVersionIsRefusedWithBothNumbers() {
        publish(node, text(entry("a"), "1"));
        publish(node, text(entry("a"), "2").setExpectedVersion(1));

        var conflict = refused(
                ErrorCode.VERSION_CONFLICT,
                () -> publish(node, text(entry("a"), "x").setExpectedVersion(1)));
        assertThat(conflict.details()).containsEntry("expected", "1").containsEntry("actual", "2");
        assertThat(conflict).hasMessageContaining(entry("a")).hasMessageContaining("expected: 1");
        refused(
                ErrorCode.VERSION_CONFLICT,
                () -> publish(node, text(entry("a"), "x").setExpectedVersion(0)));
        refused(
                ErrorCode.VERSION_CONFLICT,
                () -> publish(node, text(entry("new"), "x").setExpectedVersion(3)));
        publish(node, text(entry("new"), "x").setExpectedVersion(0));
        assertThat(content(node, entry("a"))).isEqualTo("2");
    }

    @Test
    void whatDoesNotDifferMakesNoVersionUnlessForced() {
        publish(node, text(entry("a"), "1"));

        ConfigOutcome same = publish(node, text(entry("a"), "1")).getOutcomes(0);
        assertThat(same.getChanged()).isFalse();
        assertThat(same.getVersion()).isEqualTo(1);

        ConfigOutcome forced = config(node)
                .publish(release(text(entry("a"), "1")).toBuilder()
                        .setForce(true)
                        .build())
                .getOutcomes(0);
        assertThat(forced.getChanged()).isTrue();
        assertThat(forced.getVersion()).isEqualTo(2);
        assertThat(forced.getPreviousVersion()).isEqualTo(1);

        ConfigPublishResponse mixed = publish(node, text(entry("a"), "1"), text(entry("b"), "1"));
        assertThat(mixed.getOutcomesList())
                .extracting(ConfigOutcome::getChanged)
                .containsExactly(false, true);
        assertThat(mixed.getOutcomesList())
                .extracting(ConfigOutcome::getVersion)
                .containsExactly(2L, 1L);
    }

    @Test
    void aRepeatedPublicationGetsTheAnswerOfTheFirst() {
        ConfigPublishRequest request = release(text(entry("a"), "1").setExpectedVersion(0)).toBuilder()
                .setOperation(OperationId.newBuilder().setClientId(77).setSequence(1))
                .build();
        ConfigPublishResponse first = config(node).publish(request);

        ConfigPublishResponse second = config(node).publish(request);

        assertThat(second.getOutcomesList()).isEqualTo(first.getOutcomesList());
        assertThat(second.getHeader().getRevision()).isEqualTo(first.getHeader().getRevision());
        assertThat(get(node, entry("a")).getVersion()).isEqualTo(1);
    }

    @Test
    void deletionIsAVersionAndNumbersGoOnAfterIt() {
        publish(node, text(entry("a"), "1"));
        var deleted = config(node)
                .delete(ConfigDeleteRequest.newBuilder()
                        .addDeletions(ConfigDeletion.newBuilder()
                                .setKey(key(entry("a")))
                                .setExpectedVersion(1))
                        .setAuthor("bob")
                        .build());
        assertThat(deleted.getOutcomes(0).getVersion()).isEqualTo(2);
        assertThat(deleted.getOutcomes(0).getPreviousVersion()).isEqualTo(1);

        refused(ErrorCode.CONFIG_NOT_FOUND, () -> get(node, entry("a")));
        refused(ErrorCode.CONFIG_NOT_FOUND, () -> config(node)
                .delete(ConfigDeleteRequest.newBuilder()
                        .addDeletions(ConfigDeletion.newBuilder().setKey(key(entry("a"))))
                        .build()));
        assertThat(contentOf(node, entry("a"), 1)).isEqualTo("1");

        publish(node, text(entry("a"), "again").setExpectedVersion(0));
        assertThat(get(node, entry("a")).getVersion()).isEqualTo(3);
        assertThat(history(entry("a")))
                .extracting(ConfigEntry::getCause)
                .containsExactly(
                        ConfigCause.CONFIG_CAUSE_PUBLISH,
                        ConfigCause.CONFIG_CAUSE_DELETE,
                        ConfigCause.CONFIG_CAUSE_PUBLISH);
    }

    @Test
    void historyIsPagedAndDiffComparesAnyTwoVersions() {
        publish(node, text(entry("a"), "one\ntwo\n"));
        publish(node, text(entry("a"), "one\n2\n"));
        publish(node, text(entry("a"), "one\n2\nthree\n"));

        var page = config(node)
                .history(ConfigHistoryRequest.newBuilder()
                        .setKey(key(entry("a")))
                        .setLimit(2)
                        .build());
        assertThat(page.getVersionsList()).extracting(ConfigEntry::getVersion).containsExactly(3L, 2L);
        assertThat(page.getMore()).isTrue();
        var rest = config(node)
                .history(ConfigHistoryRequest.newBuilder()
                        .setKey(key(entry("a")))
                        .setBeforeVersion(2)
                        .build());
        assertThat(rest.getVersionsList()).extracting(ConfigEntry::getVersion).containsExactly(1L);
        assertThat(rest.getMore()).isFalse();

        var newest = config(node)
                .diff(ConfigDiffRequest.newBuilder().setKey(key(entry("a"))).build());
        assertThat(newest.getUnified()).contains("+three").doesNotContain("-two");
        var both = config(node)
                .diff(ConfigDiffRequest.newBuilder()
                        .setKey(key(entry("a")))
                        .setFromVersion(1)
                        .setToVersion(3)
                        .build());
        assertThat(both.getUnified())
                .isEqualTo("--- " + entry("a") + " version 1\n+++ " + entry("a")
                        + " version 3\n@@ -1,2 +1,3 @@\n one\n-two\n+2\n+three\n");
        assertThat(both.getAddedLines()).isEqualTo(2);
        assertThat(both.getRemovedLines()).isEqualTo(1);
    }

    @Test
    void rollbackPublishesTheOldContentAsANewVersion() {
        publish(node, typed(entry("a"), ConfigType.CONFIG_TYPE_YAML, "a: 1").putLabels("x", "y"));
        publish(node, text(entry("a"), "broken"));

        var back = config(node)
                .rollback(ConfigRollbackRequest.newBuilder()
                        .setKey(key(entry("a")))
                        .setToVersion(1)
                        .setExpectedVersion(2)
                        .build());

        assertThat(back.getOutcomes(0).getVersion()).isEqualTo(3);
        ConfigEntry entry = get(node, entry("a"));
        assertThat(entry.getContent().toStringUtf8()).isEqualTo("a: 1");
        assertThat(entry.getType()).isEqualTo(ConfigType.CONFIG_TYPE_YAML);
        assertThat(entry.getLabelsMap()).containsEntry("x", "y");
        assertThat(entry.getCause()).isEqualTo(ConfigCause.CONFIG_CAUSE_ROLLBACK);
        assertThat(entry.getFromVersion()).isEqualTo(1);
    }

    @Test
    void versionsPastRetentionAreForgottenAndARollbackToOneIsRefused() {
        config(node)
                .setRetention(ConfigSetRetentionRequest.newBuilder()
                        .setGroup(group)
                        .setRetention(ConfigRetention.newBuilder().setMaxVersions(2))
                        .build());
        for (int i = 1; i <= 5; i++) {
            publish(node, text(entry("a"), "v" + i));
        }

        assertThat(history(entry("a"))).extracting(ConfigEntry::getVersion).containsExactly(5L, 4L);
        var gone = refused(ErrorCode.VERSION_NOT_FOUND, () -> config(node)
                .rollback(ConfigRollbackRequest.newBuilder()
                        .setKey(key(entry("a")))
                        .setToVersion(3)
                        .build()));
        assertThat(gone).hasMessageContaining("version: 3").hasMessageContaining("4 to 5");
        assertThat(gone.details()).containsEntry("first_kept", "4");
        assertThat(content(node, entry("a"))).isEqualTo("v5");
    }

    @Test
    void versionsThatHaveBecomeTooOldAreForgottenByTheNextPublication() {
        config(node)
                .setRetention(ConfigSetRetentionRequest.newBuilder()
                        .setGroup(group)
                        .setName("a")
                        .setRetention(ConfigRetention.newBuilder().setMaxAgeMs(1))
                        .build());
        publish(node, text(entry("a"), "1"));
        publish(node, text(entry("b"), "1"));
        long first = get(node, entry("a")).getPublishedAtMs();
        TestCluster.await("the version is old", () -> System.currentTimeMillis() > first + 5);

        publish(node, text(entry("a"), "2"));
        publish(node, text(entry("b"), "2"));

        assertThat(history(entry("a"))).extracting(ConfigEntry::getVersion).containsExactly(2L);
        assertThat(history(entry("b"))).extracting(ConfigEntry::getVersion).containsExactly(2L, 1L);
    }

    @Test
    void entriesAreListedInOrderByGroupPrefixAndLabelPageByPage() {
        for (String name : new String[] {"b1", "a", "b2", "c"}) {
            publish(node, text(entry(name), name).putLabels("l", name.substring(0, 1)));
        }
        config(node)
                .delete(ConfigDeleteRequest.newBuilder()
                        .addDeletions(ConfigDeletion.newBuilder().setKey(key(entry("c"))))
                        .build());

        assertThat(names(ConfigListRequest.newBuilder().setGroup(group))).containsExactly("a", "b1", "b2");
        assertThat(names(ConfigListRequest.newBuilder().setGroup(group).setDeleted(true)))
                .containsExactly("a", "b1", "b2", "c");
        assertThat(names(ConfigListRequest.newBuilder().setGroup(group).setNamePrefix("b")))
                .containsExactly("b1", "b2");
        assertThat(names(ConfigListRequest.newBuilder().setGroup(group).putLabels("l", "a")))
                .containsExactly("a");
        assertThat(names(ConfigListRequest.newBuilder()
                        .setGroup(group)
                        .setLimit(1)
                        .setAfter(key(entry("a")))))
                .containsExactly("b1");
        assertThat(names(ConfigListRequest.newBuilder().setNamespace("nothing-there")))
                .isEmpty();
    }

    private java.util.List<String> names(ConfigListRequest.Builder request) {
        return config(node).list(request.build()).getEntriesList().stream()
                .map(entry -> entry.getKey().getName())
                .toList();
    }

    @Test
    void contentsAreSearchedForTextAndExpressions() {
        publish(node, text(entry("a"), "one\nTwo three\n"));
        publish(node, text(entry("b"), "four\n"));

        assertThat(found(ConfigSearchRequest.newBuilder().setPattern("two").setIgnoreCase(true)))
                .singleElement()
                .satisfies(match -> {
                    assertThat(match.getKey().getName()).isEqualTo("a");
                    assertThat(match.getLine()).isEqualTo(2);
                    assertThat(match.getText()).isEqualTo("Two three");
                });
        assertThat(found(ConfigSearchRequest.newBuilder()
                        .setPattern("^(one|four)$")
                        .setRegex(true)))
                .hasSize(2);
        assertThat(found(ConfigSearchRequest.newBuilder().setPattern("two"))).isEmpty();
        refused(
                ErrorCode.INVALID_ARGUMENT,
                () -> found(ConfigSearchRequest.newBuilder().setPattern("(").setRegex(true)));
    }

    private java.util.List<ConfigMatch> found(ConfigSearchRequest.Builder request) {
        return config(node).search(request.setGroup(group).build()).getMatchesList();
    }

    @Test
    void aDryRunChecksAndShowsTheDiffAndChangesNothing() {
        publish(node, text(entry("a"), "one\n"));

        var tried = config(node)
                .publish(release(text(entry("a"), "two\n"), text(entry("b"), "new\n")).toBuilder()
                        .setDryRun(true)
                        .build());

        assertThat(tried.getOutcomes(0).getDiff()).contains("-one", "+two");
        assertThat(tried.getOutcomes(0).getVersion()).isEqualTo(2);
        assertThat(tried.getOutcomes(1).getDiff()).contains("--- /dev/null", "+new");
        assertThat(content(node, entry("a"))).isEqualTo("one\n");
        refused(ErrorCode.CONFIG_NOT_FOUND, () -> get(node, entry("b")));
        refused(ErrorCode.VERSION_CONFLICT, () -> config(node)
                .publish(release(text(entry("a"), "x").setExpectedVersion(7)).toBuilder()
                        .setDryRun(true)
                        .build()));
    }

    @Test
    void badInputIsRefusedWithTheValueAndChangesNothing() {
        for (String name :
                new String[] {"", "a/b", "a b", ".hidden", "..", "a\nb", "a\0b", "ü", "a:b", "x".repeat(129)}) {
            var error = refused(ErrorCode.INVALID_ARGUMENT, () -> publish(node, text(group + "/" + name, "x")));
            assertThat(error).hasMessageContaining("key.name");
        }
        refused(ErrorCode.INVALID_ARGUMENT, () -> publish(node));
        refused(ErrorCode.INVALID_ARGUMENT, () -> publish(node, text(entry("a"), "1"), text(entry("a"), "2")));
        refused(
                ErrorCode.TOO_LARGE,
                () -> publish(node, text(entry("a"), "x".repeat(Limits.CONFIG_CONTENT_BYTES + 1))));
        refused(
                ErrorCode.INVALID_ARGUMENT,
                () -> publish(node, text(entry("a"), "x").putLabels("a b", "c")));
        refused(
                ErrorCode.INVALID_ARGUMENT,
                () -> publish(node, text(entry("a"), "x").setExpectedVersion(-1)));
        refused(ErrorCode.INVALID_ARGUMENT, () -> config(node)
                .publish(release(text(entry("a"), "x")).toBuilder()
                        .setNamespace("No Such")
                        .build()));
        for (ConfigGrayRule.Builder rule : new ConfigGrayRule.Builder[] {
            ConfigGrayRule.newBuilder(),
            ConfigGrayRule.newBuilder().setPercent(101),
            ConfigGrayRule.newBuilder().addCidrs("10.0.0.0/33"),
            ConfigGrayRule.newBuilder().addCidrs("example.com/8"),
            ConfigGrayRule.newBuilder().addInstances("")
        }) {
            refused(ErrorCode.INVALID_ARGUMENT, () -> config(node)
                    .startGray(ConfigStartGrayRequest.newBuilder()
                            .setDraft(text(entry("a"), "x"))
                            .setRule(rule)
                            .build()));
        }
        refused(ErrorCode.INVALID_ARGUMENT, () -> config(node)
                .setRetention(ConfigSetRetentionRequest.newBuilder()
                        .setGroup(group)
                        .setRetention(ConfigRetention.newBuilder().setMaxVersions(-1))
                        .build()));
        refused(ErrorCode.CONFIG_NOT_FOUND, () -> get(node, entry("a")));
    }

    @Test
    void theLargestContentIsPublishedAndOneByteMoreIsNot() {
        publish(node, text(entry("a"), "x".repeat(Limits.CONFIG_CONTENT_BYTES)));

        assertThat(content(node, entry("a"))).hasSize(Limits.CONFIG_CONTENT_BYTES);
    }

    @Test
    void aFullReleaseOfEntriesIsOneTransaction() {
        var drafts = new dev.store.api.v1.ConfigDraft.Builder[Limits.CONFIG_RELEASE_ENTRIES];
        for (int i = 0; i < drafts.length; i++) {
            drafts[i] = text(group + i + "/e", "v");
        }

        ConfigPublishResponse published = publish(node, drafts);

        assertThat(published.getOutcomesList()).hasSize(drafts.length).allMatch(ConfigOutcome::getChanged);
        assertThat(get(node, group + "63/e").getRevision())
                .isEqualTo(published.getHeader().getRevision());
    }
}
