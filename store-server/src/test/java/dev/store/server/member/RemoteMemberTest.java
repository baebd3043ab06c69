package dev.store.server.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import dev.store.api.v1.StatusResponse;
import dev.store.raft.Following;
import dev.store.raft.MemberCalls;
import dev.store.raft.Standing;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.KeepAliveReply;
import dev.store.raft.v1.MembershipChange;
import dev.store.raft.v1.RenewedLease;
import dev.store.raft.v1.StateHashes;
import dev.store.raft.v1.TimeToLiveReply;
import dev.store.server.config.ClientConfig;
import dev.store.server.config.Endpoint;
import dev.store.server.config.PeerConfig;
import dev.store.server.edge.GrpcPort;
import dev.store.server.testing.EventLoops;
import io.grpc.Context;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RemoteMemberTest {
    private static final UUID CLUSTER = UUID.nameUUIDFromBytes(new byte[] {1});
    private static final UUID OTHER_CLUSTER = UUID.nameUUIDFromBytes(new byte[] {2});
    private static final Standing ASKER = new Standing("n3", 12);
    private static final PeerConfig PATIENCE =
            new PeerConfig(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20));
    private static final PeerConfig LITTLE_PATIENCE =
            new PeerConfig(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1));

    private final EventLoops loops = new EventLoops();
    private final Answering leader = new Answering();
    private final GrpcMembers members = new GrpcMembers(loops.group(), new ClusterGuard(CLUSTER), PATIENCE);
    private Server server;
    private String endpoint;

    @BeforeEach
    void start() throws IOException {
        Endpoint any = new Endpoint("127.0.0.1", 0);
        ClientConfig config = new ClientConfig(
                any, any, 10, 10, Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(5));
        server = new GrpcPort(config, loops.group(), 1 << 20)
                .addInternal(ServerInterceptors.intercept(
                        new MemberService(leader, UnaryOperator.identity()), new ClusterGuard(CLUSTER)))
                .start();
        endpoint = "127.0.0.1:" + server.getPort();
    }

    @AfterEach
    void stop() {
        members.close();
        server.shutdownNow();
        loops.close();
    }

    @Test
    void callIsNotCanceledWithTheCallOfAClientThatCausedIt() throws Exception {
        MemberCalls remote = members.at(endpoint);
        Context.CancellableContext client = Context.current().withCancellation();
        client.cancel(null);

        CompletableFuture<Long> answer = client.call(() -> remote.readIndex(ASKER));

        assertThat(answer.join()).isEqualTo(41);
    }

    @Test
    void everyCallReachesTheOtherMemberAndItsAnswerComesBack() {
        MemberCalls remote = members.at(endpoint);
        Command command = Command.newBuilder().setNamespace("ns").build();

        assertThat(remote.propose(command).join().getRevision()).isEqualTo(7);
        assertThat(leader.proposed).isEqualTo(command);
        assertThat(remote.readIndex(ASKER).join()).isEqualTo(41);
        assertThat(leader.asker).isEqualTo(ASKER);
        assertThat(remote.standing().join()).isEqualTo(new Standing("other", 9));
        assertThat(remote.following().join()).isEqualTo(new Following("other", 9, "leader", 301, 8, 77));
        assertThat(remote.keepAlive("ns", List.of(5L, 6L)).join().getLeasesList())
                .extracting(RenewedLease::getLeaseId)
                .containsExactly(5L, 6L);
        assertThat(remote.timeToLive("ns", 5).join().getRemainingMs()).isEqualTo(5);
        remote.changeMembership(MembershipChange.newBuilder().setRemove("n9").build())
                .join();
        assertThat(leader.change.getRemove()).isEqualTo("n9");
        assertThat(remote.transferLeadership("n2").join()).isEqualTo("n2");
        assertThat(remote.status().join().getName()).isEqualTo("other");
        assertThat(remote.stateHashes().join()).isEqualTo(StateHashes.getDefaultInstance());
    }

    @Test
    void anErrorOfTheOtherMemberArrivesUnchanged() {
        leader.failure = new StoreException(
                ErrorCode.COMPACTED, "revision: 1 (expected: > 5)", Map.of("compact_revision", "5"), null);

        StoreException failure = failure(members.at(endpoint).propose(Command.getDefaultInstance()));

        assertThat(failure.code()).isEqualTo(ErrorCode.COMPACTED);
        assertThat(failure).hasMessage("revision: 1 (expected: > 5)");
        assertThat(failure.details()).containsEntry("compact_revision", "5");
    }

    @Test
    void aMemberThatIsDownSurelyDidNothing() throws Exception {
        // Until the port is closed it still takes connections, and a call over one may have been carried out.
        server.shutdownNow().awaitTermination();

        StoreException failure = failure(members.at(endpoint).propose(Command.getDefaultInstance()));

        assertThat(failure.code()).isEqualTo(ErrorCode.UNREACHABLE);
        assertThat(failure).hasMessageContaining("member at " + endpoint);
    }

    @Test
    void aProposalWithoutAnAnswerInTimeMayHaveBeenApplied() {
        leader.hangs = true;
        try (GrpcMembers hasty = new GrpcMembers(loops.group(), new ClusterGuard(CLUSTER), LITTLE_PATIENCE)) {
            MemberCalls remote = hasty.at(endpoint);

            assertThat(failure(remote.propose(Command.getDefaultInstance())).code())
                    .isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
            assertThat(failure(remote.readIndex(ASKER)).code()).isEqualTo(ErrorCode.UNREACHABLE);
        }
    }

    @Test
    void aProposalWhoseConnectionBreaksMayHaveBeenApplied() {
        leader.hangs = true;
        CompletableFuture<CommandResult> proposal = members.at(endpoint).propose(Command.getDefaultInstance());
        leader.received.join();
        server.shutdownNow();

        assertThat(failure(proposal).code()).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
    }

    @Test
    void aMemberOfAnotherClusterIsRefused() {
        try (GrpcMembers strangers = new GrpcMembers(loops.group(), new ClusterGuard(OTHER_CLUSTER), PATIENCE)) {
            StoreException failure = failure(strangers.at(endpoint).propose(Command.getDefaultInstance()));

            assertThat(failure.code()).isEqualTo(ErrorCode.UNREACHABLE);
            assertThat(failure).hasMessageContaining("cluster of the caller: " + OTHER_CLUSTER);
            assertThat(leader.proposed).isNull();
        }
    }

    @Test
    void connectionsToGoneMembersAreClosedAndOthersKept() {
        MemberCalls before = members.at(endpoint);

        members.retain(java.util.Set.of(endpoint));
        assertThat(members.at(endpoint)).isSameAs(before);

        members.retain(java.util.Set.of());
        assertThat(members.at(endpoint)).isNotSameAs(before);
        assertThat(members.at(endpoint).readIndex(ASKER).join()).isEqualTo(41);
    }

    private static StoreException failure(CompletableFuture<?> call) {
        assertThatThrownBy(call::join).isNotNull();
        return GrpcErrors.fromGrpc(call.handle((answer, failure) -> failure).join());
    }

    /** A member that answers what a test wants. */
    private static final class Answering implements MemberCalls {
        private final CompletableFuture<Void> received = new CompletableFuture<>();
        private volatile @Nullable Command proposed;
        private volatile MembershipChange change = MembershipChange.getDefaultInstance();
        private volatile @Nullable Standing asker;
        private volatile @Nullable StoreException failure;
        private volatile boolean hangs;

        private <T> CompletableFuture<T> answer(T value) {
            received.complete(null);
            if (hangs) {
                return new CompletableFuture<>();
            }
            return failure == null ? CompletableFuture.completedFuture(value) : CompletableFuture.failedFuture(failure);
        }

        @Override
        public CompletableFuture<CommandResult> propose(Command command) {
            proposed = command;
            return answer(CommandResult.newBuilder().setRevision(7).build());
        }

        @Override
        public CompletableFuture<Long> readIndex(Standing standing) {
            asker = standing;
            return answer(41L);
        }

        @Override
        public CompletableFuture<Standing> standing() {
            return answer(new Standing("other", 9));
        }

        @Override
        public CompletableFuture<Following> following() {
            return answer(new Following("other", 9, "leader", 301, 8, 77));
        }

        @Override
        public CompletableFuture<KeepAliveReply> keepAlive(String namespace, List<Long> leaseIds) {
            KeepAliveReply.Builder reply = KeepAliveReply.newBuilder();
            leaseIds.forEach(id -> reply.addLeases(RenewedLease.newBuilder().setLeaseId(id)));
            return answer(reply.build());
        }

        @Override
        public CompletableFuture<TimeToLiveReply> timeToLive(String namespace, long leaseId) {
            return answer(TimeToLiveReply.newBuilder().setRemainingMs(leaseId).build());
        }

        @Override
        public CompletableFuture<Void> changeMembership(MembershipChange wanted) {
            change = wanted;
            return answer(true).thenAccept(ok -> {});
        }

        @Override
        public CompletableFuture<String> transferLeadership(String name) {
            return answer(name);
        }

        @Override
        public CompletableFuture<StatusResponse> status() {
            return answer(StatusResponse.newBuilder().setName("other").build());
        }

        @Override
        public CompletableFuture<StateHashes> stateHashes() {
            return answer(StateHashes.getDefaultInstance());
        }
    }
}
