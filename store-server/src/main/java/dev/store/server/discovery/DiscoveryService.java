package dev.store.server.discovery;

import com.google.protobuf.ByteString;
import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.DeregisterRequest;
import dev.store.api.v1.DeregisterResponse;
import dev.store.api.v1.DiscoveryGrpc;
import dev.store.api.v1.ForgetServiceRequest;
import dev.store.api.v1.ForgetServiceResponse;
import dev.store.api.v1.HealthStatus;
import dev.store.api.v1.HeartbeatRequest;
import dev.store.api.v1.HeartbeatResponse;
import dev.store.api.v1.Instance;
import dev.store.api.v1.ListServicesRequest;
import dev.store.api.v1.ListServicesResponse;
import dev.store.api.v1.OperationId;
import dev.store.api.v1.ReadConsistency;
import dev.store.api.v1.ReadOptions;
import dev.store.api.v1.RegisterRequest;
import dev.store.api.v1.RegisterResponse;
import dev.store.api.v1.ResolveRequest;
import dev.store.api.v1.ResolveResponse;
import dev.store.api.v1.SetPolicyRequest;
import dev.store.api.v1.SetPolicyResponse;
import dev.store.api.v1.UpdateCheckRequest;
import dev.store.api.v1.UpdateCheckResponse;
import dev.store.api.v1.UpdateInstanceRequest;
import dev.store.api.v1.UpdateInstanceResponse;
import dev.store.raft.keyspace.Requests;
import dev.store.raft.v1.CommandResult;
import dev.store.server.discovery.Registry.Origin;
import dev.store.server.edge.AnsweredInOrder;
import dev.store.server.edge.Headers;
import dev.store.server.edge.Replies;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The calls of {@code store.v1.Discovery}, less those whose answers are encoded before. */
final class DiscoveryService extends DiscoveryGrpc.DiscoveryImplBase {
    /** Each of them may name many instances. */
    private static final int HEARTBEATS_AT_ONCE = 16;

    private static final ReadOptions FROM_MEMORY = ReadOptions.newBuilder()
            .setConsistency(ReadConsistency.READ_CONSISTENCY_SERIALIZABLE)
            .build();

    private final Registry registry;
    private final Heartbeats heartbeats;
    private final Headers headers;
    private final RegistrationRules rules;

    DiscoveryService(Registry registry, Heartbeats heartbeats, Headers headers, RegistrationRules rules) {
        this.registry = registry;
        this.heartbeats = heartbeats;
        this.headers = headers;
        this.rules = rules;
    }

    @Override
    public void register(RegisterRequest request, StreamObserver<RegisterResponse> call) {
        Replies.answer(call, () -> {
            Origin origin = origin(request.getNamespace(), request.hasOperation() ? request.getOperation() : null);
            Instance instance = request.getInstance();
            InstanceRequests.instance(instance);
            rules.check(instance);
            return registry.register(origin, instance).thenApply(result -> RegisterResponse.newBuilder()
                    .setHeader(headers.at(result.getRevision()))
                    .setTtlMs(instance.getTtlMs())
                    .build());
        });
    }

    @Override
    public void deregister(DeregisterRequest request, StreamObserver<DeregisterResponse> call) {
        Replies.answer(call, () -> {
            Origin origin = origin(request.getNamespace(), request.hasOperation() ? request.getOperation() : null);
            InstanceKey key = InstanceRequests.ref("ref", request.getRef());
            return registry.deregister(origin, key).thenApply(result -> DeregisterResponse.newBuilder()
                    .setHeader(headers.at(result.getRevision()))
                    .setFound(result.getTxn().getSucceeded())
                    .build());
        });
    }

    @Override
    public void updateInstance(UpdateInstanceRequest request, StreamObserver<UpdateInstanceResponse> call) {
        Replies.answer(call, () -> {
            Origin origin = origin(request.getNamespace(), request.hasOperation() ? request.getOperation() : null);
            InstanceKey key = InstanceRequests.ref("ref", request.getRef());
            return registry.update(origin, key, request).thenApply(result -> UpdateInstanceResponse.newBuilder()
                    .setHeader(headers.at(result.getRevision()))
                    .build());
        });
    }

    @Override
    public void heartbeat(HeartbeatRequest request, StreamObserver<HeartbeatResponse> call) {
        Replies.answer(call, () -> beat(request));
    }

    @Override
    public StreamObserver<HeartbeatRequest> heartbeatStream(StreamObserver<HeartbeatResponse> call) {
        return AnsweredInOrder.start(call, HEARTBEATS_AT_ONCE, this::beat);
    }

    private CompletableFuture<HeartbeatResponse> beat(HeartbeatRequest request) {
        String namespace = Requests.namespace(request.getNamespace());
        InstanceRequests.between("refs", request.getRefsCount(), 1, Limits.HEARTBEAT_INSTANCES);
        List<InstanceKey> keys = new ArrayList<>(request.getRefsCount());
        for (int i = 0; i < request.getRefsCount(); i++) {
            keys.add(InstanceRequests.ref("refs[" + i + "]", request.getRefs(i)));
        }
        return registry.records().fresh(FROM_MEMORY).thenCompose(revision -> heartbeats.beat(namespace, keys));
    }

    @Override
    public void updateCheck(UpdateCheckRequest request, StreamObserver<UpdateCheckResponse> call) {
        Replies.answer(call, () -> {
            Origin origin = origin(request.getNamespace(), request.hasOperation() ? request.getOperation() : null);
            InstanceKey key = InstanceRequests.ref("ref", request.getRef());
            InstanceRequests.name("check", request.getCheck());
            InstanceRequests.between("status", request.getStatusValue(), 1, 3);
            Registry.CheckResult result =
                    new Registry.CheckResult(request.getCheck(), request.getStatus(), request.getOutput(), true);
            return registry.report(origin, key, result).thenCompose(this::reported);
        });
    }

    private CompletableFuture<UpdateCheckResponse> reported(Optional<CommandResult> written) {
        UpdateCheckResponse.Builder response = UpdateCheckResponse.newBuilder().setChanged(written.isPresent());
        if (written.isPresent()) {
            return CompletableFuture.completedFuture(
                    response.setHeader(headers.at(written.get().getRevision())).build());
        }
        return registry.records().fresh(FROM_MEMORY).thenApply(revision -> response.setHeader(headers.at(revision))
                .build());
    }

    @Override
    public void setPolicy(SetPolicyRequest request, StreamObserver<SetPolicyResponse> call) {
        Replies.answer(call, () -> {
            Origin origin = origin(request.getNamespace(), request.hasOperation() ? request.getOperation() : null);
            InstanceRequests.name("service", request.getService());
            InstanceRequests.policy(request.getPolicy());
            return registry.setPolicy(origin, request.getService(), request.hasPolicy() ? request.getPolicy() : null)
                    .thenApply(result -> SetPolicyResponse.newBuilder()
                            .setHeader(headers.at(result.getRevision()))
                            .build());
        });
    }

    @Override
    public void forgetService(ForgetServiceRequest request, StreamObserver<ForgetServiceResponse> call) {
        Replies.answer(call, () -> {
            Origin origin = origin(request.getNamespace(), request.hasOperation() ? request.getOperation() : null);
            InstanceRequests.name("service", request.getService());
            return registry.forget(origin, request.getService()).thenApply(result -> ForgetServiceResponse.newBuilder()
                    .setHeader(headers.at(result.getRevision()))
                    .build());
        });
    }

    @Override
    public void listServices(ListServicesRequest request, StreamObserver<ListServicesResponse> call) {
        Replies.answer(call, () -> {
            String namespace = Requests.namespace(request.getNamespace());
            InstanceRequests.text("prefix", request.getPrefix(), Limits.DISCOVERY_NAME_CHARACTERS);
            InstanceRequests.text("after", request.getAfter(), Limits.DISCOVERY_NAME_CHARACTERS);
            InstanceRequests.between("limit", request.getLimit(), 0, Limits.PAGE_ENTRIES);
            ReadOptions read = request.hasRead() ? request.getRead() : FROM_MEMORY;
            return fresh(read).thenApply(revision -> list(namespace, request, revision));
        });
    }

    private ListServicesResponse list(String namespace, ListServicesRequest request, long revision) {
        int limit = request.getLimit() == 0 ? Limits.PAGE_ENTRIES : request.getLimit();
        boolean inside = request.getAfter().compareTo(request.getPrefix()) >= 0;
        ListServicesResponse.Builder response = ListServicesResponse.newBuilder();
        long shown = revision;
        for (ServiceSnapshot service : registry.view()
                .services(namespace)
                .tailMap(
                        inside ? request.getAfter() : request.getPrefix(),
                        !inside || request.getAfter().isEmpty())
                .values()) {
            if (!service.name().startsWith(request.getPrefix())) {
                break;
            }
            if (response.getServicesCount() == limit) {
                response.setMore(true);
                break;
            }
            response.addServices(service.summary());
            shown = Math.max(shown, service.lastChange());
        }
        return response.setHeader(headers.at(shown)).build();
    }

    /** Answers with the encoded instances that fit; bound in place of the generated method. */
    void resolveEncoded(ResolveRequest request, StreamObserver<ByteString> call) {
        Replies.answer(call, () -> {
            String namespace = Requests.namespace(request.getNamespace());
            InstanceRequests.name("service", request.getService());
            check(request);
            if (!request.hasRead()) {
                return registry.records()
                        .fresh(FROM_MEMORY)
                        .thenApply(revision -> resolve(namespace, request, revision));
            }
            return fresh(request.getRead()).thenApply(revision -> resolve(namespace, request, revision));
        });
    }

    private static void check(ResolveRequest request) {
        InstanceRequests.between("limit", request.getLimit(), 0, Limits.SERVICE_INSTANCES);
        InstanceRequests.between("tags", request.getTagsCount(), 0, Limits.INSTANCE_TAGS);
        InstanceRequests.between("metadata", request.getMetadataCount(), 0, Limits.INSTANCE_TAGS);
        for (HealthStatus status : request.getStatusesList()) {
            if (status == HealthStatus.UNRECOGNIZED || status == HealthStatus.HEALTH_STATUS_UNSPECIFIED) {
                throw InstanceRequests.invalid("statuses", status.name(), "passing, warning or critical");
            }
        }
    }

    private ByteString resolve(String namespace, ResolveRequest request, long revision) {
        ServiceSnapshot service = registry.view().service(namespace, request.getService());
        // The revision was read before the snapshot, so the snapshot shows the service at the greater of the two.
        long shown = service == null ? revision : Math.max(revision, service.lastChange());
        ByteString header = ResolveResponse.newBuilder()
                .setHeader(headers.at(shown))
                .build()
                .toByteString();
        if (service == null) {
            return header;
        }
        boolean plain = Selection.isPlain(request);
        return header.concat(
                plain ? service.plainAnswer() : Selection.of(service, request).encoded(service));
    }

    private CompletableFuture<Long> fresh(ReadOptions read) {
        Requests.read(read);
        return registry.records().fresh(read);
    }

    private static Origin origin(String namespace, @Nullable OperationId operation) {
        if (operation != null) {
            Requests.operation(operation);
        }
        return new Origin(Requests.namespace(namespace), operation);
    }

    /** What a member demands of registrations beyond their form. */
    interface RegistrationRules {
        /** Throws if the instance may not be registered here. */
        void check(Instance instance);
    }

    /** Says that there is no place for one more watch. */
    static StoreException tooManyWatches() {
        return new StoreException(
                ErrorCode.OVERLOADED,
                "watches of services: " + Limits.SERVICE_WATCHES + " (expected: fewer on this member)");
    }
}
