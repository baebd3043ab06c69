package dev.store.server.watch;

import dev.store.api.v1.WatchGrpc;
import dev.store.api.v1.WatchRequest;
import dev.store.raft.watch.WatchHub;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.concurrent.Executor;

/** The watch service. */
public final class WatchService implements BindableService {
    private final WatchBinding<WatchRequest> binding;

    /**
     * Makes the service.
     *
     * @param executor runs the pumps of the streams; each stands in its queue at most once
     */
    public WatchService(WatchHub hub, int maxPerStream, int maxPerMember, Executor executor) {
        WatchLimits limits = new WatchLimits(maxPerStream, maxPerMember);
        binding = new WatchBinding<>(
                WatchGrpc.getServiceDescriptor(),
                WatchGrpc.getWatchMethod(),
                (call, whenEnded) -> new WatchStream(call, hub, limits, executor, whenEnded));
    }

    @Override
    public ServerServiceDefinition bindService() {
        return binding.definition();
    }

    /** Ends all streams once what was announced before has been written. */
    public void stop() {
        binding.stop();
    }
}
