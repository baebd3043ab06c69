package dev.store.jepsen.workload;

import dev.store.api.v1.ConfigChange;
import dev.store.api.v1.ConfigGrpc;
import dev.store.api.v1.ConfigKey;
import dev.store.api.v1.ConfigKnown;
import dev.store.api.v1.ConfigSubscribeRequest;
import dev.store.api.v1.ConfigSubscribeResponse;
import dev.store.api.v1.ConfigSubscription;
import dev.store.jepsen.cluster.Node;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A subscriber of one configuration entry; when its stream ends it goes on at another node with the version it has. */
final class ConfigFollower implements AutoCloseable {
    private static final int RETRY_MS = 50;

    private final ConfigKey key;
    private final Supplier<Node> where;
    private final List<Object> seen = new ArrayList<>();
    private @Nullable StreamObserver<ConfigSubscribeRequest> requests;
    private long version;
    private int connections;
    private boolean closed;

    ConfigFollower(ConfigKey key, Supplier<Node> where) {
        this.key = key;
        this.where = where;
        connect();
    }

    /** The version that came last; 0 before the first. */
    synchronized long version() {
        return version;
    }

    /** Kind, version and content of all that came. */
    synchronized List<Object> seen() {
        return List.copyOf(seen);
    }

    synchronized int connections() {
        return connections;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (requests != null) {
            requests.onError(io.grpc.Status.CANCELLED.asRuntimeException());
        }
    }

    private void connect() {
        try {
            connect(where.get());
        } catch (RuntimeException e) {
            again();
        }
    }

    private synchronized void connect(Node node) {
        if (closed) {
            return;
        }
        connections++;
        StreamObserver<ConfigSubscribeRequest> stream =
                ConfigGrpc.newStub(node.client().channel()).subscribe(new Stream());
        requests = stream;
        ConfigSubscription.Builder subscription =
                ConfigSubscription.newBuilder().addEntries(key);
        if (version > 0) {
            subscription.addKnown(ConfigKnown.newBuilder().setKey(key).setVersion(version));
        }
        stream.onNext(ConfigSubscribeRequest.newBuilder().setStart(subscription).build());
    }

    private synchronized void again() {
        if (!closed) {
            CompletableFuture<Void> unused = CompletableFuture.runAsync(
                    this::connect, CompletableFuture.delayedExecutor(RETRY_MS, TimeUnit.MILLISECONDS));
        }
    }

    private synchronized void saw(ConfigSubscribeResponse response) {
        for (ConfigChange change : response.getChangesList()) {
            String kind = change.getKind().name().replace("CONFIG_CHANGE_KIND_", "");
            long came = change.getEntry().getVersion();
            if (came == version && kind.equals("PRESENT")) {
                continue;
            }
            seen.add(List.of(kind, came, change.getEntry().getContent().toStringUtf8()));
            version = came;
        }
    }

    private final class Stream implements StreamObserver<ConfigSubscribeResponse> {
        private boolean over;

        @Override
        public synchronized void onNext(ConfigSubscribeResponse response) {
            if (!over) {
                saw(response);
            }
        }

        @Override
        public void onError(Throwable failure) {
            finish();
        }

        @Override
        public void onCompleted() {
            finish();
        }

        private void finish() {
            synchronized (this) {
                if (over) {
                    return;
                }
                over = true;
            }
            again();
        }
    }
}
