package dev.store.server.configuration;

import static dev.store.server.configuration.Wire.config;
import static dev.store.server.configuration.Wire.content;
import static dev.store.server.configuration.Wire.get;
import static dev.store.server.configuration.Wire.instance;
import static dev.store.server.configuration.Wire.key;
import static dev.store.server.configuration.Wire.publish;
import static dev.store.server.configuration.Wire.refused;
import static dev.store.server.configuration.Wire.seenBy;
import static dev.store.server.configuration.Wire.text;
import static dev.store.server.configuration.Wire.typed;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.store.api.error.ErrorCode;
import dev.store.api.v1.ConfigDeleteSchemaRequest;
import dev.store.api.v1.ConfigEndGrayRequest;
import dev.store.api.v1.ConfigEntry;
import dev.store.api.v1.ConfigGetRequest;
import dev.store.api.v1.ConfigGrayRule;
import dev.store.api.v1.ConfigListGraysRequest;
import dev.store.api.v1.ConfigListSchemasRequest;
import dev.store.api.v1.ConfigSetSchemaRequest;
import dev.store.api.v1.ConfigStartGrayRequest;
import dev.store.api.v1.ConfigType;
import org.junit.jupiter.api.Test;

class ConfigReleaseRulesTest extends OneConfigNode {
    @Test
    void contentThatIsNotOfItsTypeIsRefusedWithThePlace() {
        var json = refused(
                ErrorCode.CONTENT_MALFORMED,
                () -> publish(node, typed(entry("a"), ConfigType.CONFIG_TYPE_JSON, "{\n  \"a\": }")));
        assertThat(json.details()).containsEntry("line", "2");
        assertThat(json).hasMessageContaining("line 2").hasMessageContaining("well-formed json");
        refused(
                ErrorCode.CONTENT_MALFORMED,
                () -> publish(
                        node,
                        text(entry("a"), "").setContent(ByteString.copyFrom(new byte[] {'o', 'k', (byte) 0xff}))));
        refused(ErrorCode.CONFIG_NOT_FOUND, () -> get(node, entry("a")));
    }

    @Test
    void aSchemaRefusesABadPublicationWithPathAndReason() {
        String schema = "{\"type\":\"object\",\"required\":[\"port\"],"
                + "\"properties\":{\"port\":{\"type\":\"integer\",\"maximum\":65535}}}";
        config(node)
                .setSchema(ConfigSetSchemaRequest.newBuilder()
                        .setGroup(group)
                        .setSchema(ByteString.copyFromUtf8(schema))
                        .build());

        var bad = refused(
                ErrorCode.SCHEMA_VIOLATED,
                () -> publish(node, typed(entry("a"), ConfigType.CONFIG_TYPE_YAML, "port: 70000")));
        assertThat(bad.details()).containsEntry("path", "/port");
        assertThat(bad.details().get("reason")).contains("65535");
        refused(ErrorCode.SCHEMA_VIOLATED, () -> publish(node, text(entry("a"), "no tree")));
        publish(node, typed(entry("a"), ConfigType.CONFIG_TYPE_YAML, "port: 7000"));
        publish(node, typed(entry("b"), ConfigType.CONFIG_TYPE_TOML, "port = 7000"));

        assertThat(config(node)
                        .listSchemas(ConfigListSchemasRequest.newBuilder()
                                .setGroup(group)
                                .build())
                        .getSchemasList())
                .singleElement()
                .satisfies(one -> assertThat(one.getName()).isEmpty());
        config(node)
                .deleteSchema(
                        ConfigDeleteSchemaRequest.newBuilder().setGroup(group).build());
        publish(node, text(entry("a"), "free again"));
        refused(ErrorCode.SCHEMA_NOT_FOUND, () -> config(node)
                .deleteSchema(
                        ConfigDeleteSchemaRequest.newBuilder().setGroup(group).build()));
    }

    @Test
    void aSchemaThatPresentContentViolatesIsAttachedOnlyByForce() {
        publish(node, typed(entry("a"), ConfigType.CONFIG_TYPE_JSON, "{\"port\":\"x\"}"));
        ConfigSetSchemaRequest request = ConfigSetSchemaRequest.newBuilder()
                .setGroup(group)
                .setName("a")
                .setSchema(ByteString.copyFromUtf8("{\"properties\":{\"port\":{\"type\":\"integer\"}}}"))
                .build();

        refused(ErrorCode.SCHEMA_VIOLATED, () -> config(node).setSchema(request));
        var tried = config(node).setSchema(request.toBuilder().setDryRun(true).build());
        assertThat(tried.getViolationsList()).singleElement().satisfies(violation -> assertThat(violation.getPath())
                .isEqualTo("/port"));
        publish(node, typed(entry("a"), ConfigType.CONFIG_TYPE_JSON, "{\"port\":\"y\"}"));
        config(node).setSchema(request.toBuilder().setForce(true).build());
        refused(
                ErrorCode.SCHEMA_VIOLATED,
                () -> publish(node, typed(entry("a"), ConfigType.CONFIG_TYPE_JSON, "{\"port\":\"z\"}")));
    }

    @Test
    void aSchemaThatIsItselfWrongIsRefused() {
        for (String schema : new String[] {
            "{\"type\":\"objekt\"}",
            "{\"type\":",
            "[]",
            "{\"$ref\":\"http://example.com/schema.json\"}",
            "{\"$ref\":\"file:///etc/passwd\"}",
            "{\"$schema\":\"http://example.com/mine\"}",
            "{\"pattern\":\"(\"}",
            "{\"minimum\":\"one\"}"
        }) {
            var error = refused(ErrorCode.SCHEMA_MALFORMED, () -> config(node)
                    .setSchema(ConfigSetSchemaRequest.newBuilder()
                            .setGroup(group)
                            .setSchema(ByteString.copyFromUtf8(schema))
                            .build()));
            assertThat(error).as(schema).hasMessageContaining("expected: ");
        }
        publish(node, text(entry("a"), "still free"));
    }

    @Test
    void aGrayReleaseIsSeenByWhomItChoosesUntilItIsPromoted() {
        publish(node, text(entry("a"), "old"));
        var started = config(node)
                .startGray(ConfigStartGrayRequest.newBuilder()
                        .setDraft(text(entry("a"), "new"))
                        .setRule(ConfigGrayRule.newBuilder().putLabels("zone", "b"))
                        .build());
        assertThat(started.getVersion()).isEqualTo(2);
        assertThat(started.getNewestVersion()).isEqualTo(1);

        assertThat(content(node, entry("a"))).isEqualTo("old");
        assertThat(seenBy(node, entry("a"), instance("i1").putLabels("zone", "a")))
                .isEqualTo("old");
        assertThat(seenBy(node, entry("a"), instance("i2").putLabels("zone", "b")))
                .isEqualTo("new");
        var refusal = refused(ErrorCode.GRAY_ACTIVE, () -> publish(node, text(entry("a"), "x")));
        assertThat(refusal.details()).containsEntry("gray_version", "2");

        config(node)
                .startGray(ConfigStartGrayRequest.newBuilder()
                        .setKey(key(entry("a")))
                        .setRule(ConfigGrayRule.newBuilder().addCidrs("127.0.0.0/8"))
                        .build());
        assertThat(seenBy(node, entry("a"), instance("i1"))).isEqualTo("new");
        assertThat(config(node)
                        .listGrays(ConfigListGraysRequest.newBuilder()
                                .setGroup(group)
                                .build())
                        .getGraysList())
                .singleElement()
                .satisfies(gray -> assertThat(gray.getVersion()).isEqualTo(2));

        var promoted = config(node)
                .promoteGray(ConfigEndGrayRequest.newBuilder()
                        .setKey(key(entry("a")))
                        .setExpectedVersion(2)
                        .build());
        assertThat(promoted.getVersion()).isEqualTo(2);
        assertThat(promoted.getNewestVersion()).isEqualTo(2);
        assertThat(content(node, entry("a"))).isEqualTo("new");
        assertThat(get(node, entry("a")).getGray()).isFalse();
        publish(node, text(entry("a"), "after"));
        refused(ErrorCode.GRAY_NOT_FOUND, () -> config(node)
                .promoteGray(ConfigEndGrayRequest.newBuilder()
                        .setKey(key(entry("a")))
                        .build()));
    }

    @Test
    void anAbortedGrayReleaseLeavesTheNewestVersionAndANumberBehind() {
        publish(node, text(entry("a"), "old"));
        config(node)
                .startGray(ConfigStartGrayRequest.newBuilder()
                        .setDraft(text(entry("a"), "tried"))
                        .setRule(ConfigGrayRule.newBuilder().setPercent(100))
                        .build());
        assertThat(seenBy(node, entry("a"), instance("any"))).isEqualTo("tried");

        config(node)
                .abortGray(ConfigEndGrayRequest.newBuilder()
                        .setKey(key(entry("a")))
                        .build());

        assertThat(seenBy(node, entry("a"), instance("any"))).isEqualTo("old");
        publish(node, text(entry("a"), "next"));
        assertThat(history(entry("a"))).extracting(ConfigEntry::getVersion).containsExactly(3L, 2L, 1L);
        assertThat(history(entry("a"))).extracting(ConfigEntry::getGray).containsExactly(false, true, false);
    }

    @Test
    void placeholdersAreReplacedAndCyclesAndMissingOnesNamed() {
        publish(node, typed(entry("db"), ConfigType.CONFIG_TYPE_YAML, "hosts: [a, b]\nport: 5432"));
        publish(node, text(entry("motd"), "hi ${" + entry("db") + ":port}"));
        publish(
                node,
                text(
                        entry("app"),
                        "h=${" + entry("db") + ":hosts[1]} m=${" + entry("motd") + "} $${" + entry("db")
                                + "} ${HOME}"));

        assertThat(resolved(entry("app"))).isEqualTo("h=b m=hi 5432 ${" + entry("db") + "} ${HOME}");

        publish(node, text(entry("x"), "${" + entry("y") + "}"));
        publish(node, text(entry("y"), "${" + entry("x") + "}"));
        var cycle = refused(ErrorCode.PLACEHOLDER_UNRESOLVED, () -> resolved(entry("x")));
        assertThat(cycle).hasMessageContaining(entry("x") + " -> " + entry("y") + " -> " + entry("x"));
        publish(node, text(entry("z"), "${" + entry("db") + ":nothing.here}"));
        var missing = refused(ErrorCode.PLACEHOLDER_UNRESOLVED, () -> resolved(entry("z")));
        assertThat(missing).hasMessageContaining("nothing.here");
    }

    private String resolved(String entry) {
        return config(node)
                .get(ConfigGetRequest.newBuilder()
                        .setKey(key(entry))
                        .setResolve(true)
                        .build())
                .getEntry()
                .getContent()
                .toStringUtf8();
    }

    @Test
    void structuredContentIsGivenAsJsonToo() {
        publish(node, typed(entry("a"), ConfigType.CONFIG_TYPE_PROPERTIES, "b.c=1\na=x\\u0041"));

        ConfigEntry entry = config(node)
                .get(ConfigGetRequest.newBuilder()
                        .setKey(key(entry("a")))
                        .setWithJson(true)
                        .build())
                .getEntry();

        assertThat(entry.getJson().toStringUtf8()).isEqualTo("{\"a\":\"xA\",\"b.c\":\"1\"}");
    }
}
