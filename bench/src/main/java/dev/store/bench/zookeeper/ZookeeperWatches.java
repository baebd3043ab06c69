package dev.store.bench.zookeeper;

import com.google.protobuf.ByteString;
import dev.store.bench.load.FanOut;
import dev.store.bench.load.Operation;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;

/**
 * Persistent watches, each in a session of its own, as a server tells a session of a change once. The events say which
 * node has changed, so each putter has a node of its own below the watched one.
 */
final class ZookeeperWatches implements FanOut.Wire {
    /** Each session has two threads in its client. */
    static final int MOST = 1_000;

    private static final String PARENT = "/watched";

    private final List<String> endpoints;
    private final Handles putters;
    private final int clients;
    private @Nullable Handles watchers;

    ZookeeperWatches(List<String> endpoints, Handles putters, int clients) {
        this.endpoints = endpoints;
        this.putters = putters;
        this.clients = clients;
    }

    @Override
    public void watch(int count, FanOut.Arrivals arrivals) {
        createNodes();
        Handles sessions = new Handles(endpoints, count);
        watchers = sessions;
        sessions.awaitConnected();
        Watcher watcher = event -> {
            if (event.getType() == Watcher.Event.EventType.NodeDataChanged) {
                arrivals.told(Integer.parseInt(event.getPath().substring(PARENT.length() + 1)));
            } else if (event.getType() == Watcher.Event.EventType.None
                    && event.getState() == Watcher.Event.KeeperState.Disconnected) {
                arrivals.failed("DISCONNECTED");
            }
        };
        for (ZooKeeper session : sessions.all()) {
            session.addWatch(
                    PARENT,
                    watcher,
                    AddWatchMode.PERSISTENT_RECURSIVE,
                    (code, path, context) -> {
                        if (Answers.isOk(code)) {
                            arrivals.opened();
                        } else {
                            arrivals.failed(Answers.name(code));
                        }
                    },
                    null);
        }
    }

    @Override
    public void put(int client, ByteString value, Operation.Done done) {
        putters.of(client)
                .setData(
                        path(client),
                        value.toByteArray(),
                        -1,
                        (code, path, context, stat) -> Answers.tell(code, done),
                        null);
    }

    @Override
    public void close() {
        Handles open = watchers;
        if (open != null) {
            open.close();
        }
    }

    private void createNodes() {
        CountDownLatch created = new CountDownLatch(clients + 1);
        create(PARENT, created);
        for (int client = 0; client < clients; client++) {
            create(path(client), created);
        }
        try {
            if (!created.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nodes not made after 30 s: " + created.getCount());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while nodes were made", e);
        }
    }

    /** One session does what it is sent in that order; a node may be there from a run before. */
    private void create(String path, CountDownLatch created) {
        putters.of(0)
                .create(
                        path,
                        new byte[0],
                        ZooDefs.Ids.OPEN_ACL_UNSAFE,
                        CreateMode.PERSISTENT,
                        (code, asked, context, name) -> {
                            if (Answers.isOk(code) || code == KeeperException.Code.NODEEXISTS.intValue()) {
                                created.countDown();
                            }
                        },
                        null);
    }

    private static String path(int client) {
        return PARENT + "/" + client;
    }
}
