package dev.store.bench.zookeeper;

import dev.store.bench.load.Data;
import dev.store.bench.load.LoadSettings;
import dev.store.bench.load.Operation;
import dev.store.bench.load.Preload;
import dev.store.bench.load.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.AsyncCallback;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/** Nodes below the root as keys: their data is set and read. */
final class ZookeeperKv {
    private final Handles handles;
    private final LoadSettings settings;
    private final Data data;

    ZookeeperKv(Handles handles, LoadSettings settings) {
        this.handles = handles;
        this.settings = settings;
        this.data = new Data(settings);
    }

    /** Sets the data of nodes, which are made before if they are not there. */
    Workload put(String name) {
        Workload puts = Workload.of(name, (client, done) -> handles.of(client)
                .setData(
                        nextPath(),
                        data.value().toByteArray(),
                        -1,
                        (code, path, context, stat) -> Answers.tell(code, done),
                        null));
        return new Workload() {
            @Override
            public String name() {
                return puts.name();
            }

            @Override
            public void prepare() {
                if (!exists(path(settings.keySpace() - 1))) {
                    preload();
                }
            }

            @Override
            public Operation operation() {
                return puts.operation();
            }

            @Override
            public void close() {}
        };
    }

    /** Reads what the node has that is asked; with a {@code sync} sent before it, no older than the question. */
    Operation get(boolean upToDate) {
        return (client, done) -> {
            ZooKeeper handle = handles.of(client);
            String key = nextPath();
            if (upToDate) {
                // What one session sends is done in that order, so its outcome need not be awaited.
                handle.sync(key, (code, path, context) -> {}, null);
            }
            AsyncCallback.DataCallback read = (code, path, context, bytes, stat) -> Answers.tell(code, done);
            handle.getData(key, false, read, null);
        };
    }

    /** Makes all nodes. */
    void preload() {
        Preload.run(settings.keySpace(), this::createAll);
    }

    private CompletableFuture<?> createAll(long first, long last) {
        List<Op> creations = new ArrayList<>();
        for (long i = first; i < last; i++) {
            creations.add(
                    Op.create(path(i), data.value().toByteArray(), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT));
        }
        CompletableFuture<Boolean> created = new CompletableFuture<>();
        handles.of((int) (first % 997))
                .multi(
                        creations,
                        (code, path, context, outcomes) -> {
                            if (Answers.isOk(code)) {
                                created.complete(true);
                            } else {
                                created.completeExceptionally(
                                        new IllegalStateException("multi: " + Answers.name(code) + " (expected: OK)"));
                            }
                        },
                        null);
        return created;
    }

    private boolean exists(String path) {
        try {
            return handles.of(0).exists(path, false) != null;
        } catch (KeeperException e) {
            throw new IllegalStateException("cannot look for " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while keys were looked for", e);
        }
    }

    private String nextPath() {
        return path(data.nextNumber());
    }

    private static String path(long number) {
        return "/k" + number;
    }
}
