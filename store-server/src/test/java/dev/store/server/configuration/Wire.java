package dev.store.server.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.ByteString;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import dev.store.api.v1.ConfigDraft;
import dev.store.api.v1.ConfigEntry;
import dev.store.api.v1.ConfigGetRequest;
import dev.store.api.v1.ConfigGrpc;
import dev.store.api.v1.ConfigInstance;
import dev.store.api.v1.ConfigKey;
import dev.store.api.v1.ConfigPublishRequest;
import dev.store.api.v1.ConfigPublishResponse;
import dev.store.api.v1.ConfigType;
import dev.store.server.testing.TestCluster.Node;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Short ways to say what a client of the configuration service says. */
final class Wire {
    private Wire() {}

    static ConfigGrpc.ConfigBlockingStub config(Node node) {
        return ConfigGrpc.newBlockingStub(node.channel()).withDeadlineAfter(Duration.ofSeconds(20));
    }

    static ConfigKey key(String groupAndName) {
        int slash = groupAndName.indexOf('/');
        return ConfigKey.newBuilder()
                .setGroup(groupAndName.substring(0, slash))
                .setName(groupAndName.substring(slash + 1))
                .build();
    }

    static ConfigDraft.Builder text(String entry, String content) {
        return typed(entry, ConfigType.CONFIG_TYPE_TEXT, content);
    }

    static ConfigDraft.Builder typed(String entry, ConfigType type, String content) {
        return ConfigDraft.newBuilder().setKey(key(entry)).setType(type).setContent(ByteString.copyFromUtf8(content));
    }

    static ConfigPublishRequest release(ConfigDraft.Builder... drafts) {
        return ConfigPublishRequest.newBuilder()
                .addAllDrafts(
                        List.of(drafts).stream().map(ConfigDraft.Builder::build).toList())
                .build();
    }

    static ConfigPublishResponse publish(Node node, ConfigDraft.Builder... drafts) {
        return config(node).publish(release(drafts));
    }

    static ConfigEntry get(Node node, String entry) {
        return config(node)
                .get(ConfigGetRequest.newBuilder().setKey(key(entry)).build())
                .getEntry();
    }

    static String content(Node node, String entry) {
        return get(node, entry).getContent().toStringUtf8();
    }

    static String contentOf(Node node, String entry, long version) {
        return config(node)
                .get(ConfigGetRequest.newBuilder()
                        .setKey(key(entry))
                        .setVersion(version)
                        .build())
                .getEntry()
                .getContent()
                .toStringUtf8();
    }

    static String seenBy(Node node, String entry, ConfigInstance.Builder instance) {
        return config(node)
                .get(ConfigGetRequest.newBuilder()
                        .setKey(key(entry))
                        .setSeenBy(instance)
                        .build())
                .getEntry()
                .getContent()
                .toStringUtf8();
    }

    static ConfigInstance.Builder instance(String id) {
        return ConfigInstance.newBuilder().setId(id);
    }

    /** Calls, and gives the error that must come back. */
    static StoreException refused(ErrorCode code, ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).as("an error").isNotNull();
        StoreException error = GrpcErrors.fromGrpc(thrown);
        assertThat(error.code()).as(String.valueOf(error.getMessage())).isEqualTo(code);
        return error;
    }
}
