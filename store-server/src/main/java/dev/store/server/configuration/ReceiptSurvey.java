package dev.store.server.configuration;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.MoreExecutors;
import dev.store.api.v1.ConfigReceipt;
import dev.store.api.v1.ConfigReceiptsRequest;
import dev.store.api.v1.ConfigReceiptsResponse;
import dev.store.api.v1.ReadConsistency;
import dev.store.api.v1.ReadOptions;
import dev.store.raft.Replica;
import dev.store.raft.ReplicaInfo;
import dev.store.raft.ReplicaInfo.MemberAddress;
import dev.store.server.edge.Headers;
import dev.store.server.edge.Replies;
import dev.store.server.peer.v1.ConfigPeerGrpc;
import dev.store.server.peer.v1.LocalReceiptsRequest;
import dev.store.server.peer.v1.LocalReceiptsResponse;
import dev.store.server.records.Records;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks all members at the same time which of their subscribers run which version. */
final class ReceiptSurvey extends ConfigPeerGrpc.ConfigPeerImplBase {
    private final Replica replica;
    private final Records records;
    private final ConfigView view;
    private final Subscriptions subscriptions;
    private final Function<String, Channel> others;
    private final Duration patience;

    /**
     * Makes the survey, which also is the service that the others ask.
     *
     * @param others the way to the member at a client endpoint
     * @param patience how long a member may take to answer
     */
    ReceiptSurvey(
            Replica replica,
            Records records,
            ConfigView view,
            Subscriptions subscriptions,
            Function<String, Channel> others,
            Duration patience) {
        this.replica = replica;
        this.records = records;
        this.view = view;
        this.subscriptions = subscriptions;
        this.others = others;
        this.patience = patience;
    }

    @Override
    public void localReceipts(LocalReceiptsRequest request, StreamObserver<LocalReceiptsResponse> call) {
        Replies.answer(call, () -> {
            EntryName name = ConfigRequests.entry(
                    request.getEntry().getNamespace(), request.getEntry().getKey());
            ReadOptions caughtUp = ReadOptions.newBuilder()
                    .setConsistency(ReadConsistency.READ_CONSISTENCY_SERIALIZABLE)
                    .setAtLeastRevision(request.getAtLeastRevision())
                    .build();
            return records.fresh(caughtUp).thenApply(revision -> LocalReceiptsResponse.newBuilder()
                    .addAllReceipts(local(name))
                    .build());
        });
    }

    private List<ConfigReceipt> local(EntryName name) {
        return subscriptions.receipts(name, view.entry(name), replica.info().name());
    }

    /** The receipts of all members that answer, and the names of the others. */
    CompletableFuture<ConfigReceiptsResponse> all(ConfigReceiptsRequest request, Headers headers) {
        EntryName name = ConfigRequests.entry(request.getNamespace(), request.getKey());
        // What was published before this call is known to all who answer it.
        return records.fresh(ReadOptions.getDefaultInstance())
                .thenCompose(revision -> all(name, request, revision, headers));
    }

    private CompletableFuture<ConfigReceiptsResponse> all(
            EntryName name, ConfigReceiptsRequest request, long revision, Headers headers) {
        ReplicaInfo info = replica.info();
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (MemberAddress member : info.members()) {
            answers.add(
                    member.name().equals(info.name())
                            ? CompletableFuture.completedFuture(new Answer(member.name(), local(name)))
                            : ask(member, request, revision));
        }
        return CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0]))
                .thenApply(done -> {
                    ConfigReceiptsResponse.Builder response =
                            ConfigReceiptsResponse.newBuilder().setHeader(headers.at(revision));
                    List<ConfigReceipt> receipts = new ArrayList<>();
                    for (CompletableFuture<Answer> future : answers) {
                        Answer answer = future.join();
                        if (answer.receipts == null) {
                            response.addSilentMembers(answer.member);
                        } else {
                            receipts.addAll(answer.receipts);
                        }
                    }
                    receipts.sort(Comparator.comparing((ConfigReceipt receipt) ->
                                    receipt.getInstance().getId())
                            .thenComparing(ConfigReceipt::getMember));
                    return response.addAllReceipts(receipts).build();
                });
    }

    private record Answer(String member, @Nullable List<ConfigReceipt> receipts) {}

    private CompletableFuture<Answer> ask(MemberAddress member, ConfigReceiptsRequest request, long revision) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        FutureCallback<LocalReceiptsResponse> callback = new FutureCallback<>() {
            @Override
            public void onSuccess(@Nullable LocalReceiptsResponse response) {
                answer.complete(new Answer(member.name(), response == null ? null : response.getReceiptsList()));
            }

            @Override
            public void onFailure(Throwable failure) {
                answer.complete(new Answer(member.name(), null));
            }
        };
        Futures.addCallback(
                ConfigPeerGrpc.newFutureStub(others.apply(member.clientEndpoint()))
                        .withDeadlineAfter(patience.toNanos(), TimeUnit.NANOSECONDS)
                        .localReceipts(LocalReceiptsRequest.newBuilder()
                                .setEntry(request)
                                .setAtLeastRevision(revision)
                                .build()),
                callback,
                MoreExecutors.directExecutor());
        return answer;
    }
}
