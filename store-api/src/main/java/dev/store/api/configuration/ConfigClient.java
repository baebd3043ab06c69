package dev.store.api.configuration;

import com.google.protobuf.ByteString;
import dev.store.api.client.Calls;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.ConfigDeleteRequest;
import dev.store.api.v1.ConfigDeleteResponse;
import dev.store.api.v1.ConfigDeletion;
import dev.store.api.v1.ConfigDiffRequest;
import dev.store.api.v1.ConfigDiffResponse;
import dev.store.api.v1.ConfigEndGrayRequest;
import dev.store.api.v1.ConfigGetRequest;
import dev.store.api.v1.ConfigGetResponse;
import dev.store.api.v1.ConfigGrayResponse;
import dev.store.api.v1.ConfigGrpc;
import dev.store.api.v1.ConfigHistoryRequest;
import dev.store.api.v1.ConfigHistoryResponse;
import dev.store.api.v1.ConfigListRequest;
import dev.store.api.v1.ConfigListResponse;
import dev.store.api.v1.ConfigPublishRequest;
import dev.store.api.v1.ConfigPublishResponse;
import dev.store.api.v1.ConfigReceiptsRequest;
import dev.store.api.v1.ConfigReceiptsResponse;
import dev.store.api.v1.ConfigRollbackRequest;
import dev.store.api.v1.ConfigSetSchemaRequest;
import dev.store.api.v1.ConfigSetSchemaResponse;
import dev.store.api.v1.ConfigStartGrayRequest;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Configuration entries of one namespace. Thread-safe. Entries are named {@code group/name}. */
public final class ConfigClient {
    private static final Duration POLL = Duration.ofMillis(200);

    private final Calls calls;

    /** Use {@link dev.store.api.client.StoreClient#config()}. */
    public ConfigClient(Calls calls) {
        this.calls = calls;
    }

    /** The newest version of an entry; CONFIG_NOT_FOUND if it does not exist. */
    public CompletableFuture<ConfigVersion> get(String entry) {
        return get(ConfigGetRequest.newBuilder().setKey(key(entry)));
    }

    /** A version of an entry; VERSION_NOT_FOUND if it is no longer kept. */
    public CompletableFuture<ConfigVersion> get(String entry, long version) {
        return get(ConfigGetRequest.newBuilder().setKey(key(entry)).setVersion(version));
    }

    /** The newest version, with its content also as a tree, so that {@link ConfigVersion#values} works for all formats. */
    public CompletableFuture<ConfigVersion> structured(String entry) {
        return get(ConfigGetRequest.newBuilder().setKey(key(entry)).setWithJson(true));
    }

    /** The newest version with placeholders replaced; PLACEHOLDER_UNRESOLVED names one that cannot be. */
    public CompletableFuture<ConfigVersion> resolved(String entry) {
        return get(ConfigGetRequest.newBuilder().setKey(key(entry)).setResolve(true));
    }

    /** The version that an instance is meant to see. */
    public CompletableFuture<ConfigVersion> seenBy(String entry, Identity instance) {
        return get(ConfigGetRequest.newBuilder().setKey(key(entry)).setSeenBy(instance.toProto()));
    }

    private CompletableFuture<ConfigVersion> get(ConfigGetRequest.Builder request) {
        ConfigGetRequest full = request.setNamespace(calls.namespace())
                .setRead(calls.freshness())
                .build();
        return calls.repeatable(ConfigGrpc.getGetMethod(), full, ConfigGetResponse::getHeader)
                .thenApply(response -> new ConfigVersion(response.getEntry(), false));
    }

    /** Publishes one entry. */
    public CompletableFuture<Published> publish(Draft draft) {
        return publish(Release.of(draft));
    }

    /** Publishes entries, all at one revision or none. */
    public CompletableFuture<Published> publish(Release release) {
        return calls.mutation(
                        ConfigGrpc.getPublishMethod(),
                        operation -> {
                            ConfigPublishRequest.Builder request =
                                    release.toProto().toBuilder().setNamespace(calls.namespace());
                            return operation == null
                                    ? request.build()
                                    : request.setOperation(operation).build();
                        },
                        ConfigPublishResponse::getHeader)
                .thenApply(response -> Published.of(response.getHeader(), response.getOutcomesList()));
    }

    /** Publishes the content of an old version as a new one. */
    public CompletableFuture<Published> rollback(String entry, long toVersion, String comment) {
        return calls.mutation(
                        ConfigGrpc.getRollbackMethod(),
                        operation -> {
                            ConfigRollbackRequest.Builder request = ConfigRollbackRequest.newBuilder()
                                    .setNamespace(calls.namespace())
                                    .setKey(key(entry))
                                    .setToVersion(toVersion)
                                    .setComment(comment);
                            return operation == null
                                    ? request.build()
                                    : request.setOperation(operation).build();
                        },
                        ConfigPublishResponse::getHeader)
                .thenApply(response -> Published.of(response.getHeader(), response.getOutcomesList()));
    }

    /** Deletes an entry; its versions stay readable as long as they are kept. */
    public CompletableFuture<Published> delete(String entry) {
        return calls.mutation(
                        ConfigGrpc.getDeleteMethod(),
                        operation -> {
                            ConfigDeleteRequest.Builder request = ConfigDeleteRequest.newBuilder()
                                    .setNamespace(calls.namespace())
                                    .addDeletions(ConfigDeletion.newBuilder().setKey(key(entry)));
                            return operation == null
                                    ? request.build()
                                    : request.setOperation(operation).build();
                        },
                        ConfigDeleteResponse::getHeader)
                .thenApply(response -> Published.of(response.getHeader(), response.getOutcomesList()));
    }

    /** The versions kept of an entry without their contents, the newest first; at most 1,000. */
    public CompletableFuture<List<ConfigVersion>> history(String entry) {
        ConfigHistoryRequest request = ConfigHistoryRequest.newBuilder()
                .setNamespace(calls.namespace())
                .setRead(calls.freshness())
                .setKey(key(entry))
                .setLimit(1_000)
                .build();
        return calls.repeatable(ConfigGrpc.getHistoryMethod(), request, ConfigHistoryResponse::getHeader)
                .thenApply(response -> response.getVersionsList().stream()
                        .map(version -> new ConfigVersion(version, false))
                        .toList());
    }

    /** The difference of two versions as a unified diff; empty if their contents are equal. */
    public CompletableFuture<String> diff(String entry, long fromVersion, long toVersion) {
        ConfigDiffRequest request = ConfigDiffRequest.newBuilder()
                .setNamespace(calls.namespace())
                .setRead(calls.freshness())
                .setKey(key(entry))
                .setFromVersion(fromVersion)
                .setToVersion(toVersion)
                .build();
        return calls.repeatable(ConfigGrpc.getDiffMethod(), request, ConfigDiffResponse::getHeader)
                .thenApply(ConfigDiffResponse::getUnified);
    }

    /** All entries of a group without their contents, in order; an empty group means all entries of the namespace. */
    public CompletableFuture<List<ConfigVersion>> list(String group) {
        return list(
                ConfigListRequest.newBuilder()
                        .setNamespace(calls.namespace())
                        .setRead(calls.freshness())
                        .setGroup(group)
                        .build(),
                new ArrayList<>());
    }

    private CompletableFuture<List<ConfigVersion>> list(ConfigListRequest request, List<ConfigVersion> found) {
        return calls.repeatable(ConfigGrpc.getListMethod(), request, ConfigListResponse::getHeader)
                .thenCompose(page -> {
                    page.getEntriesList().forEach(entry -> found.add(new ConfigVersion(entry, false)));
                    return page.getMore()
                            ? list(
                                    request.toBuilder()
                                            .setAfter(page.getEntries(page.getEntriesCount() - 1)
                                                    .getKey())
                                            .build(),
                                    found)
                            : CompletableFuture.completedFuture(List.copyOf(found));
                });
    }

    /** Attaches a JSON Schema to an entry ({@code group/name}) or to all entries of a group ({@code group}). */
    public CompletableFuture<Void> schema(String target, String schema) {
        int slash = target.indexOf('/');
        ConfigSetSchemaRequest.Builder set = ConfigSetSchemaRequest.newBuilder()
                .setNamespace(calls.namespace())
                .setGroup(slash < 0 ? target : target.substring(0, slash))
                .setName(slash < 0 ? "" : target.substring(slash + 1))
                .setSchema(ByteString.copyFromUtf8(schema));
        return calls.mutation(
                        ConfigGrpc.getSetSchemaMethod(),
                        operation -> operation == null
                                ? set.build()
                                : set.clone().setOperation(operation).build(),
                        ConfigSetSchemaResponse::getHeader)
                .thenAccept(response -> {});
    }

    /**
     * Releases a content to the instances that a rule chooses.
     *
     * @return its version
     */
    public CompletableFuture<Long> startGray(Draft draft, GrayRule rule) {
        return calls.mutation(
                        ConfigGrpc.getStartGrayMethod(),
                        operation -> {
                            ConfigStartGrayRequest.Builder request = ConfigStartGrayRequest.newBuilder()
                                    .setNamespace(calls.namespace())
                                    .setDraft(draft.toProto())
                                    .setRule(rule.toProto());
                            return operation == null
                                    ? request.build()
                                    : request.setOperation(operation).build();
                        },
                        ConfigGrayResponse::getHeader)
                .thenApply(ConfigGrayResponse::getVersion);
    }

    /**
     * Makes the gray version of an entry the newest one.
     *
     * @return its number
     */
    public CompletableFuture<Long> promoteGray(String entry) {
        return endGray(ConfigGrpc.getPromoteGrayMethod(), entry);
    }

    /**
     * Ends the gray release of an entry; all see the newest version again.
     *
     * @return the number of the gray version
     */
    public CompletableFuture<Long> abortGray(String entry) {
        return endGray(ConfigGrpc.getAbortGrayMethod(), entry);
    }

    private CompletableFuture<Long> endGray(
            MethodDescriptor<ConfigEndGrayRequest, ConfigGrayResponse> method, String entry) {
        ConfigEndGrayRequest.Builder end = ConfigEndGrayRequest.newBuilder()
                .setNamespace(calls.namespace())
                .setKey(key(entry));
        return calls.mutation(
                        method,
                        operation -> operation == null
                                ? end.build()
                                : end.clone().setOperation(operation).build(),
                        ConfigGrayResponse::getHeader)
                .thenApply(ConfigGrayResponse::getVersion);
    }

    /** Which subscriber runs which version of an entry. */
    public CompletableFuture<Receipts> receipts(String entry) {
        ConfigReceiptsRequest request = ConfigReceiptsRequest.newBuilder()
                .setNamespace(calls.namespace())
                .setKey(key(entry))
                .build();
        return calls.repeatable(ConfigGrpc.getReceiptsMethod(), request, ConfigReceiptsResponse::getHeader)
                .thenApply(Receipts::of);
    }

    /**
     * Completes once every subscriber of an entry runs the version that is meant for it; fails with DEADLINE_EXCEEDED and
     * the names of those that do not.
     */
    public CompletableFuture<Receipts> awaitReceipts(String entry, Duration patience) {
        return awaitReceipts(entry, System.nanoTime() + patience.toNanos());
    }

    private CompletableFuture<Receipts> awaitReceipts(String entry, long deadline) {
        return receipts(entry).thenCompose(receipts -> {
            if (receipts.complete()) {
                return CompletableFuture.completedFuture(receipts);
            }
            if (System.nanoTime() - deadline >= 0) {
                List<String> late = receipts.subscribers().stream()
                        .filter(subscriber -> !subscriber.upToDate())
                        .map(Receipts.Subscriber::id)
                        .toList();
                return CompletableFuture.failedFuture(new StoreException(
                        ErrorCode.DEADLINE_EXCEEDED,
                        "receipts of " + entry + ": subscribers behind " + late + ", members silent "
                                + receipts.silentMembers() + " (expected: none)"));
            }
            CompletableFuture<Boolean> pause = new CompletableFuture<>();
            calls.after(POLL, () -> pause.complete(true));
            return pause.thenCompose(done -> awaitReceipts(entry, deadline));
        });
    }

    /** What to follow, to be {@linkplain ConfigPlan#start started}. */
    public ConfigPlan follow() {
        return new ConfigPlan(calls);
    }

    private static dev.store.api.v1.ConfigKey key(String entry) {
        return ConfigName.of(entry).toKey();
    }
}
