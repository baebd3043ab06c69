package dev.store.server.etcd;

import dev.store.server.etcd.v3.WatchGrpc;
import dev.store.server.etcd.v3.WatchRequest;
import dev.store.server.watch.WatchBinding;
import dev.store.server.watch.WatchLimits;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;

/** etcd's watch service. */
final class EtcdWatch implements BindableService {
    private final WatchBinding<WatchRequest> binding;

    EtcdWatch(EtcdParts parts, WatchLimits limits) {
        EtcdWatchStream.Parts shared = new EtcdWatchStream.Parts(
                parts.replica(), parts.replica().watchHub(), limits, parts.headers(), parts.origin());
        binding = new WatchBinding<>(
                WatchGrpc.getServiceDescriptor(),
                WatchGrpc.getWatchMethod(),
                (call, whenEnded) -> new EtcdWatchStream(call, shared, parts.executor(), whenEnded));
    }

    @Override
    public ServerServiceDefinition bindService() {
        return binding.definition();
    }

    /** Ends all streams once what was announced before has been written. */
    void stop() {
        binding.stop();
    }
}
