package dev.store.server.services;

import dev.store.api.error.GrpcErrors;
import dev.store.api.v1.Member;
import dev.store.api.v1.MemberRole;
import dev.store.api.v1.StatusResponse;
import dev.store.raft.MemberCalls;
import dev.store.raft.Members;
import dev.store.raft.Replica;
import dev.store.raft.ReplicaInfo;
import dev.store.raft.ReplicaInfo.MemberAddress;
import dev.store.server.edge.NodeFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Asks all members for their state at the same time and puts the answers side by side. */
public final class MemberSurvey {
    private final Replica replica;
    private final Members others;
    private final NodeFigures figures;

    public MemberSurvey(Replica replica, Members others, NodeFigures figures) {
        this.replica = replica;
        this.others = others;
        this.figures = figures;
    }

    /** The members in order of name; one that does not answer is listed as unreachable, with the reason. */
    CompletableFuture<List<Member>> members() {
        ReplicaInfo info = replica.info();
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (MemberAddress address : info.members()) {
            boolean self = address.name().equals(info.name());
            MemberCalls calls = self ? replica.localCalls() : others.at(address.clientEndpoint());
            answers.add(calls.status()
                    .thenApply(status -> new Answer(address, self ? figures.complete(status) : status, ""))
                    .exceptionally(failure -> new Answer(
                            address,
                            StatusResponse.getDefaultInstance(),
                            String.valueOf(GrpcErrors.fromGrpc(failure).getMessage()))));
        }
        return CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0]))
                .thenApply(done -> sideBySide(
                        info, answers.stream().map(CompletableFuture::join).toList()));
    }

    private static List<Member> sideBySide(ReplicaInfo info, List<Answer> answers) {
        long committed = info.committedIndex();
        for (Answer answer : answers) {
            committed = Math.max(committed, answer.status.getLog().getCommittedIndex());
        }
        List<Member> members = new ArrayList<>();
        for (Answer answer : answers) {
            members.add(answer.member(committed));
        }
        return members;
    }

    private record Answer(MemberAddress address, StatusResponse status, String error) {
        Member member(long committed) {
            Member.Builder member = Member.newBuilder()
                    .setId(address.id())
                    .setName(address.name())
                    .setClientEndpoint(address.clientEndpoint())
                    .setRaftEndpoint(address.raftEndpoint());
            if (!error.isEmpty()) {
                MemberRole role = address.learner() ? MemberRole.MEMBER_ROLE_LEARNER : MemberRole.MEMBER_ROLE_UNKNOWN;
                return member.setRole(role).setError(error).build();
            }
            long applied = status.getLog().getAppliedIndex();
            return member.setReachable(true)
                    // A learner that has not applied its own admission yet believes that it is a follower.
                    .setRole(address.learner() ? MemberRole.MEMBER_ROLE_LEARNER : status.getRole())
                    .setAppliedIndex(applied)
                    .setLagEntries(Math.max(0, committed - applied))
                    .setRevision(status.getHeader().getRevision())
                    .setDbSizeBytes(status.getStorage().getDbSizeBytes())
                    .setVersion(status.getVersion())
                    .build();
        }
    }
}
