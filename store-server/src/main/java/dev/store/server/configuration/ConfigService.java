package dev.store.server.configuration;

import dev.store.api.v1.ConfigCause;
import dev.store.api.v1.ConfigDeleteRequest;
import dev.store.api.v1.ConfigDeleteResponse;
import dev.store.api.v1.ConfigDeleteSchemaRequest;
import dev.store.api.v1.ConfigDeleteSchemaResponse;
import dev.store.api.v1.ConfigDiffRequest;
import dev.store.api.v1.ConfigDiffResponse;
import dev.store.api.v1.ConfigDraft;
import dev.store.api.v1.ConfigEndGrayRequest;
import dev.store.api.v1.ConfigEntry;
import dev.store.api.v1.ConfigGetRequest;
import dev.store.api.v1.ConfigGetResponse;
import dev.store.api.v1.ConfigGray;
import dev.store.api.v1.ConfigGrayResponse;
import dev.store.api.v1.ConfigGrpc;
import dev.store.api.v1.ConfigHistoryRequest;
import dev.store.api.v1.ConfigHistoryResponse;
import dev.store.api.v1.ConfigListGraysRequest;
import dev.store.api.v1.ConfigListGraysResponse;
import dev.store.api.v1.ConfigListRequest;
import dev.store.api.v1.ConfigListResponse;
import dev.store.api.v1.ConfigListSchemasRequest;
import dev.store.api.v1.ConfigListSchemasResponse;
import dev.store.api.v1.ConfigPublishRequest;
import dev.store.api.v1.ConfigPublishResponse;
import dev.store.api.v1.ConfigReceiptsRequest;
import dev.store.api.v1.ConfigReceiptsResponse;
import dev.store.api.v1.ConfigRollbackRequest;
import dev.store.api.v1.ConfigSearchRequest;
import dev.store.api.v1.ConfigSearchResponse;
import dev.store.api.v1.ConfigSetRetentionRequest;
import dev.store.api.v1.ConfigSetRetentionResponse;
import dev.store.api.v1.ConfigSetSchemaRequest;
import dev.store.api.v1.ConfigSetSchemaResponse;
import dev.store.api.v1.ConfigStartGrayRequest;
import dev.store.api.v1.ConfigSubscribeRequest;
import dev.store.api.v1.ConfigSubscribeResponse;
import dev.store.api.v1.OperationId;
import dev.store.api.v1.ReadOptions;
import dev.store.raft.keyspace.Requests;
import dev.store.server.edge.Replies;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The configuration service: checks requests, and hands them to whoever does the work. */
final class ConfigService extends ConfigGrpc.ConfigImplBase {
    private final ConfigParts parts;
    private final ConfigReads reads;
    private final SchemaChanges schemas;
    private final GrayChanges grays;
    private final Retentions retentions;
    private final ReceiptSurvey receipts;
    private final SubscriberParts subscribers;
    private final Executor executor;

    /**
     * Makes the service.
     *
     * @param executor runs the pumps of subscribers
     */
    ConfigService(ConfigParts parts, ReceiptSurvey receipts, SubscriberParts subscribers, Executor executor) {
        this.parts = parts;
        this.reads = new ConfigReads(parts);
        this.schemas = new SchemaChanges(parts);
        this.grays = new GrayChanges(parts);
        this.retentions = new Retentions(parts);
        this.receipts = receipts;
        this.subscribers = subscribers;
        this.executor = executor;
    }

    @Override
    public void publish(ConfigPublishRequest request, StreamObserver<ConfigPublishResponse> call) {
        Replies.answer(call, () -> {
            String namespace = Requests.namespace(request.getNamespace());
            List<Release.Item> items = request.getDraftsList().stream()
                    .map(draft -> new Release.Item(ConfigRequests.entry(namespace, draft.getKey()), draft))
                    .toList();
            ConfigRequests.release(items.stream().map(Release.Item::name).toList());
            request.getDraftsList().forEach(ConfigRequests::draft);
            ConfigRequests.words(request.getAuthor(), request.getComment());
            Release.Order order = new Release.Order(
                    items,
                    ConfigCause.CONFIG_CAUSE_PUBLISH,
                    0,
                    request.getAuthor(),
                    request.getComment(),
                    ClientAddress.current(),
                    request.getForce());
            Release release = new Release(parts, namespace, order);
            if (request.getDryRun()) {
                return new DryRun(parts, order, release).run();
            }
            return parts.mutations().run(namespace, operation(request.hasOperation(), request.getOperation()), release);
        });
    }

    @Override
    public void rollback(ConfigRollbackRequest request, StreamObserver<ConfigPublishResponse> call) {
        Replies.answer(call, () -> {
            EntryName name = ConfigRequests.entry(request.getNamespace(), request.getKey());
            ConfigRequests.words(request.getAuthor(), request.getComment());
            if (request.getToVersion() <= 0) {
                throw ConfigRequests.invalid("to_version", String.valueOf(request.getToVersion()), "1 or more");
            }
            OperationId operation = operation(request.hasOperation(), request.getOperation());
            String address = ClientAddress.current();
            return parts.records()
                    .reads()
                    .large(ReadOptions.getDefaultInstance(), view -> old(new Stored(view), name, request))
                    .thenCompose(old -> parts.mutations()
                            .run(
                                    name.namespace(),
                                    operation,
                                    new Release(parts, name.namespace(), rollback(name, old, request, address))));
        });
    }

    private static ConfigEntry old(Stored stored, EntryName name, ConfigRollbackRequest request) {
        ConfigEntry old = stored.version(name, request.getToVersion());
        if (old.getDeleted()) {
            throw ConfigRequests.invalid(
                    "to_version", String.valueOf(request.getToVersion()), "a version with content, this is a deletion");
        }
        return old;
    }

    private static Release.Order rollback(
            EntryName name, ConfigEntry old, ConfigRollbackRequest request, String address) {
        ConfigDraft.Builder draft = ConfigDraft.newBuilder()
                .setKey(request.getKey())
                .setType(old.getType())
                .setContent(old.getContent())
                .putAllLabels(old.getLabelsMap())
                .setDescription(old.getDescription());
        if (request.hasExpectedVersion()) {
            draft.setExpectedVersion(request.getExpectedVersion());
        }
        return new Release.Order(
                List.of(new Release.Item(name, draft.build())),
                ConfigCause.CONFIG_CAUSE_ROLLBACK,
                old.getVersion(),
                request.getAuthor(),
                request.getComment(),
                address,
                false);
    }

    @Override
    public void delete(ConfigDeleteRequest request, StreamObserver<ConfigDeleteResponse> call) {
        Replies.answer(call, () -> {
            String namespace = Requests.namespace(request.getNamespace());
            List<Deletion.Item> items = request.getDeletionsList().stream()
                    .map(wanted -> new Deletion.Item(ConfigRequests.entry(namespace, wanted.getKey()), wanted))
                    .toList();
            ConfigRequests.release(items.stream().map(Deletion.Item::name).toList());
            ConfigRequests.words(request.getAuthor(), request.getComment());
            ConfigEntry words = ConfigEntry.newBuilder()
                    .setAuthor(request.getAuthor())
                    .setComment(request.getComment())
                    .setFromAddress(ClientAddress.current())
                    .build();
            return parts.mutations()
                    .run(
                            namespace,
                            operation(request.hasOperation(), request.getOperation()),
                            new Deletion(parts, namespace, items, words));
        });
    }

    @Override
    public void get(ConfigGetRequest request, StreamObserver<ConfigGetResponse> call) {
        Replies.answer(call, () -> reads.get(request, ClientAddress.current()));
    }

    @Override
    public void list(ConfigListRequest request, StreamObserver<ConfigListResponse> call) {
        Replies.answer(call, () -> reads.list(request));
    }

    @Override
    public void search(ConfigSearchRequest request, StreamObserver<ConfigSearchResponse> call) {
        Replies.answer(call, () -> reads.search(request));
    }

    @Override
    public void history(ConfigHistoryRequest request, StreamObserver<ConfigHistoryResponse> call) {
        Replies.answer(call, () -> reads.history(request));
    }

    @Override
    public void diff(ConfigDiffRequest request, StreamObserver<ConfigDiffResponse> call) {
        Replies.answer(call, () -> reads.diff(request));
    }

    @Override
    public void setRetention(ConfigSetRetentionRequest request, StreamObserver<ConfigSetRetentionResponse> call) {
        Replies.answer(call, () -> retentions.set(request, operation(request.hasOperation(), request.getOperation())));
    }

    @Override
    public void setSchema(ConfigSetSchemaRequest request, StreamObserver<ConfigSetSchemaResponse> call) {
        Replies.answer(call, () -> schemas.set(request, operation(request.hasOperation(), request.getOperation())));
    }

    @Override
    public void deleteSchema(ConfigDeleteSchemaRequest request, StreamObserver<ConfigDeleteSchemaResponse> call) {
        Replies.answer(call, () -> schemas.delete(request, operation(request.hasOperation(), request.getOperation())));
    }

    @Override
    public void listSchemas(ConfigListSchemasRequest request, StreamObserver<ConfigListSchemasResponse> call) {
        Replies.answer(call, () -> schemas.list(request));
    }

    @Override
    public void startGray(ConfigStartGrayRequest request, StreamObserver<ConfigGrayResponse> call) {
        Replies.answer(call, () -> {
            EntryName name = ConfigRequests.entry(
                    request.getNamespace(),
                    request.hasDraft() ? request.getDraft().getKey() : request.getKey());
            ConfigRequests.words(request.getAuthor(), request.getComment());
            if (request.hasDraft()) {
                ConfigRequests.draft(request.getDraft());
            } else if (!request.hasRule()) {
                throw ConfigRequests.invalid("request", "neither draft nor rule", "at least one of them");
            }
            if (request.hasRule()) {
                ConfigRequests.rule(request.getRule());
            }
            return parts.mutations()
                    .run(
                            name.namespace(),
                            operation(request.hasOperation(), request.getOperation()),
                            grays.start(name, request, ClientAddress.current()));
        });
    }

    @Override
    public void promoteGray(ConfigEndGrayRequest request, StreamObserver<ConfigGrayResponse> call) {
        Replies.answer(call, () -> {
            EntryName name = endGray(request);
            return parts.mutations()
                    .run(
                            name.namespace(),
                            operation(request.hasOperation(), request.getOperation()),
                            grays.promote(name, request));
        });
    }

    @Override
    public void abortGray(ConfigEndGrayRequest request, StreamObserver<ConfigGrayResponse> call) {
        Replies.answer(call, () -> {
            EntryName name = endGray(request);
            return parts.mutations()
                    .run(
                            name.namespace(),
                            operation(request.hasOperation(), request.getOperation()),
                            grays.abort(name, request));
        });
    }

    private static EntryName endGray(ConfigEndGrayRequest request) {
        if (request.hasExpectedVersion()) {
            ConfigRequests.notNegative("expected_version", request.getExpectedVersion());
        }
        ConfigRequests.words(request.getAuthor(), request.getComment());
        return ConfigRequests.entry(request.getNamespace(), request.getKey());
    }

    @Override
    public void listGrays(ConfigListGraysRequest request, StreamObserver<ConfigListGraysResponse> call) {
        Replies.answer(call, () -> {
            String namespace = Requests.namespace(request.getNamespace());
            EntryName from = new EntryName(namespace, ConfigRequests.groupFilter(request.getGroup()), "");
            Requests.read(request.getRead());
            return parts.records().fresh(request.getRead()).thenApply(revision -> listGrays(from, revision));
        });
    }

    private ConfigListGraysResponse listGrays(EntryName from, long revision) {
        ConfigListGraysResponse.Builder response =
                ConfigListGraysResponse.newBuilder().setHeader(parts.headers().at(revision));
        for (EntryState state : parts.view().entriesAfter(from, true).values()) {
            if (!state.name().namespace().equals(from.namespace())
                    || !(from.group().isEmpty() || state.name().group().equals(from.group()))) {
                break;
            }
            var gray = state.grayRecord();
            EntryVersion version = state.gray();
            if (gray != null && version != null) {
                response.addGrays(ConfigGray.newBuilder()
                        .setKey(state.name().toKey())
                        .setVersion(gray.getVersion())
                        .setNewestVersion(state.newestNumber())
                        .setRule(gray.getRule())
                        .setAuthor(gray.getAuthor())
                        .setComment(gray.getComment())
                        .setStartedAtMs(version.entry().getPublishedAtMs()));
            }
        }
        return response.build();
    }

    @Override
    public void receipts(ConfigReceiptsRequest request, StreamObserver<ConfigReceiptsResponse> call) {
        Replies.answer(call, () -> receipts.all(request, parts.headers()));
    }

    @Override
    public StreamObserver<ConfigSubscribeRequest> subscribe(StreamObserver<ConfigSubscribeResponse> call) {
        ConfigStream stream = new ConfigStream(
                (ServerCallStreamObserver<ConfigSubscribeResponse>) call,
                subscribers,
                ClientAddress.current(),
                executor);
        stream.start();
        return stream;
    }

    private static @Nullable OperationId operation(boolean given, OperationId operation) {
        if (!given) {
            return null;
        }
        Requests.operation(operation);
        return operation;
    }
}
