package dev.store.server.locks;

import dev.store.raft.Replica;
import dev.store.server.edge.Headers;
import dev.store.server.records.RecordView;
import dev.store.server.records.Records;
import io.grpc.BindableService;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** Locks and coordination: its views, which must exist before the replica starts, and its service. */
public final class LockFace {
    private final QueueView queues = new QueueView();
    private final GatherView gatherings = new GatherView();
    private volatile @Nullable Runnable stop;

    /** The views to be fed. */
    public List<RecordView> views() {
        return List.of(queues, gatherings);
    }

    /** The service; made once, when the replica is there. */
    public BindableService open(Records records, Replica replica, Headers headers, ScheduledExecutorService timer) {
        Waits waits = new Waits(timer);
        LockParts parts = new LockParts(records, replica, headers, queues, gatherings, waits);
        ObserveStreams observers = new ObserveStreams(parts);
        stop = () -> {
            waits.stop();
            observers.stop();
        };
        return new LockService(parts, observers);
    }

    /** Ends all calls that wait, so that their callers ask another member; what they wait in stays. */
    public void stop() {
        Runnable action = stop;
        if (action != null) {
            action.run();
        }
    }
}
