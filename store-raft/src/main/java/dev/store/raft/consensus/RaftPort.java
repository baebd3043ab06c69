package dev.store.raft.consensus;

import dev.store.raft.NamedThreads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachine;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.jspecify.annotations.Nullable;

/** This member's Ratis server: the only place that speaks Ratis' requests and replies. */
final class RaftPort implements Proposer.Submitter, AutoCloseable {
    private static final long CLOSE_TIMEOUT_MS = 5_000;

    private final RaftGroupId groupId;
    private final RaftPeerId self;
    private final ClientId clientId = ClientId.randomId();
    private final AtomicLong callIds = new AtomicLong();
    private final Map<Long, PendingBatch> submitting = new ConcurrentHashMap<>();
    private final PeerExecutor appends;
    private final RaftServer server;
    private final RaftServer.Division division;

    RaftPort(ReplicaOptions options, Path raftFolder, Appenders appenders, StateMachine machine) throws IOException {
        this.groupId = RaftGroupId.valueOf(options.groupId());
        this.self = RaftPeerId.valueOf(options.self().name());
        // One that joins starts as a learner of its own, who never campaigns; the leader's log tells it the members.
        // With Ratis' empty group it would be a follower, campaign when the leader is lost, and be told to shut down.
        List<RaftPeer> peers = options.initialMembers().isEmpty()
                ? List.of(Membership.as(RaftPeerRole.LISTENER, peer(options.self())))
                : options.initialMembers().stream().map(RaftPort::peer).toList();
        this.appends = new PeerExecutor(new NamedThreads("peer-calls-" + self));
        PeerCalls.answerInline();
        this.server = RaftServer.newBuilder()
                .setServerId(self)
                .setGroup(RaftGroup.valueOf(groupId, peers))
                .setProperties(RaftSettings.of(options, raftFolder.toFile()))
                .setParameters(AppenderGrpcFactory.parameters(appenders, new PeerCalls(appends)))
                .setStateMachineRegistry(id -> machine)
                .setOption(RaftStorage.StartupOption.RECOVER)
                .build();
        this.division = server.getDivision(groupId);
        appends.inlineWhile(this::follows);
    }

    private boolean follows() {
        DivisionInfo info = division.getInfo();
        return (info.isFollower() || info.isListener()) && info.getLeaderId() != null;
    }

    void start() throws IOException {
        server.start();
    }

    RaftServer server() {
        return server;
    }

    RaftPeerId self() {
        return self;
    }

    /** The one division. */
    RaftServer.Division division() {
        return division;
    }

    static RaftPeer peer(PeerAddress address) {
        return RaftPeer.newBuilder()
                .setId(address.name())
                .setAddress(address.raftEndpoint())
                .setClientAddress(address.clientEndpoint())
                .build();
    }

    /**
     * Puts an entry into the leader's log. Goes to the division itself, inline, which spares two changes of threads and
     * makes the order of calls the order of the log.
     */
    @Override
    public void submit(PendingBatch batch) {
        byte[] bytes = batch.batch().toByteArray();
        long callId = callIds.incrementAndGet();
        RaftClientRequest request = RaftClientRequest.newBuilder()
                .setClientId(clientId)
                .setServerId(self)
                .setGroupId(groupId)
                .setCallId(callId)
                .setType(RaftClientRequest.writeRequestType())
                .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(bytes)))
                .build();
        submitting.put(callId, batch);
        CompletableFuture<RaftClientReply> reply;
        try {
            reply = ((RaftClientAsynchronousProtocol) division()).submitClientRequestAsync(request);
        } catch (IOException | RuntimeException e) {
            batch.failed(describe(e));
            return;
        } finally {
            submitting.remove(callId);
        }
        var unused = reply.whenComplete((answer, failure) -> {
            if (failure != null) {
                batch.failed(describe(failure));
            } else if (!answer.isSuccess()) {
                batch.failed(describe(answer.getException()));
            }
        });
    }

    /** The batch for which a request is being submitted at this moment; null if the request is somebody else's. */
    @Nullable
    PendingBatch pending(RaftClientRequest request) {
        return request.getClientId().equals(clientId) ? submitting.get(request.getCallId()) : null;
    }

    CompletableFuture<RaftClientReply> transferLeadership(@Nullable RaftPeerId target, long timeoutMs)
            throws IOException {
        return server.transferLeadershipAsync(
                new TransferLeadershipRequest(clientId, self, groupId, callIds.incrementAndGet(), target, timeoutMs));
    }

    CompletableFuture<RaftClientReply> setConfiguration(SetConfigurationRequest.Arguments arguments)
            throws IOException {
        return server.setConfigurationAsync(
                new SetConfigurationRequest(clientId, self, groupId, callIds.incrementAndGet(), arguments));
    }

    CompletableFuture<RaftClientReply> takeSnapshot(long timeoutMs) throws IOException {
        return server.snapshotManagementAsync(
                SnapshotManagementRequest.newCreate(clientId, self, groupId, callIds.incrementAndGet(), timeoutMs, 1));
    }

    static String describe(@Nullable Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause == null ? "Ratis refused" : cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }

    /**
     * Stops Ratis, and waits for it, but not for ever: in 3.3.0 closing the log holds its write lock while it waits for
     * the thread that evicts cached segments, which may wait for that lock. Whatever was acknowledged is on disk already.
     */
    @Override
    public void close() throws IOException {
        AtomicReference<IOException> failure = new AtomicReference<>();
        Thread closing = new Thread(
                () -> {
                    try {
                        server.close();
                    } catch (IOException e) {
                        failure.set(e);
                    }
                },
                "store-raft-close");
        closing.setDaemon(true);
        closing.start();
        try {
            closing.join(CLOSE_TIMEOUT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        appends.close();
        IOException thrown = failure.get();
        if (thrown != null) {
            throw thrown;
        }
    }
}
