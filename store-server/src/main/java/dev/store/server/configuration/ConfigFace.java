package dev.store.server.configuration;

import dev.store.raft.Replica;
import dev.store.server.edge.GrpcPort;
import dev.store.server.edge.Headers;
import dev.store.server.edge.ReadPool;
import dev.store.server.edge.Reads;
import dev.store.server.member.ClusterGuard;
import dev.store.server.member.GrpcMembers;
import dev.store.server.records.RecordView;
import dev.store.server.records.Records;
import io.grpc.ServerInterceptors;
import java.time.Duration;
import java.util.concurrent.Executor;

/** The configuration of a node: its view, which is there before anything is applied, and its services. */
public final class ConfigFace {
    /** How long another member may take to tell its receipts. */
    private static final Duration SURVEY = Duration.ofSeconds(2);

    private final Subscriptions subscriptions = new Subscriptions();
    private final ConfigView view = new ConfigView(subscriptions);

    /** What the feed of records keeps in step. */
    public RecordView view() {
        return view;
    }

    /**
     * Adds the services to a port.
     *
     * @param pool for work that takes longer than an event loop should be held up
     * @param executor runs the pumps of subscribers
     */
    public void serve(
            GrpcPort port,
            Replica replica,
            Records records,
            ReadPool pool,
            GrpcMembers members,
            ClusterGuard guard,
            Executor executor) {
        Headers headers = new Headers(replica);
        Reads reads = records.reads();
        ConfigParts parts = new ConfigParts(
                view,
                records,
                headers,
                pool,
                new Mutations(records),
                new Judge(view),
                new Ages(view, reads, System::currentTimeMillis));
        ReceiptSurvey survey = new ReceiptSurvey(replica, records, view, subscriptions, members::channel, SURVEY);
        SubscriberParts subscribers =
                new SubscriberParts(view, subscriptions, records, headers, System::currentTimeMillis);
        port.add(ServerInterceptors.intercept(
                new ConfigService(parts, survey, subscribers, executor), new ClientAddress()));
        port.addInternal(ServerInterceptors.intercept(survey, guard));
    }

    /** The node stops: ends the streams of subscribers, which go on at another member. */
    public void stop() {
        subscriptions.stop();
    }
}
