package dev.store.bench.zookeeper;

import dev.store.bench.load.Operation;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.Watcher;

/** Each client sets a persistent watch on a path of its own, and removes it. */
final class ZookeeperWatchCycles {
    private static final Watcher NOBODY = event -> {};

    private final Handles handles;

    ZookeeperWatchCycles(Handles handles) {
        this.handles = handles;
    }

    void cycle(int client, Operation.Done done) {
        String path = "/cycle-" + client;
        handles.of(client)
                .addWatch(
                        path,
                        NOBODY,
                        AddWatchMode.PERSISTENT,
                        (code, asked, context) -> {
                            if (Answers.isOk(code)) {
                                remove(client, path, done);
                            } else {
                                done.failed(Answers.name(code));
                            }
                        },
                        null);
    }

    private void remove(int client, String path, Operation.Done done) {
        handles.of(client)
                .removeWatches(
                        path,
                        NOBODY,
                        Watcher.WatcherType.Any,
                        false,
                        (code, asked, context) -> Answers.tell(code, done),
                        null);
    }
}
