package dev.store.bench.zookeeper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;

/** Sessions with ZooKeeper, each on a connection of its own, spread over the nodes. */
final class Handles implements AutoCloseable {
    private static final int SESSION_TIMEOUT_MILLIS = 30_000;
    private static final long CONNECT_SECONDS = 60;

    private final List<ZooKeeper> handles = new ArrayList<>();
    private final CountDownLatch connected;

    /** So many sessions, number i with node i modulo their number; does not wait until they are there. */
    Handles(List<String> endpoints, int count) {
        connected = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            handles.add(open(endpoints.get(i % endpoints.size())));
        }
    }

    /** The session of a logical client. */
    ZooKeeper of(int client) {
        return handles.get(client % handles.size());
    }

    /** All of them. */
    List<ZooKeeper> all() {
        return List.copyOf(handles);
    }

    /** Waits until all sessions have begun. */
    void awaitConnected() {
        try {
            if (!connected.await(CONNECT_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("sessions missing after " + CONNECT_SECONDS + " s: "
                        + connected.getCount() + " of " + handles.size());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sessions began", e);
        }
    }

    @Override
    public void close() {
        // Sessions end side by side: each is a round through the log.
        handles.parallelStream().forEach(handle -> {
            try {
                handle.close(1_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private ZooKeeper open(String endpoint) {
        try {
            return new ZooKeeper(endpoint, SESSION_TIMEOUT_MILLIS, event -> {
                if (event.getState() == Watcher.Event.KeeperState.SyncConnected) {
                    connected.countDown();
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open a session with " + endpoint, e);
        }
    }
}
