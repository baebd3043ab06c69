package dev.store.bench.zookeeper;

import dev.store.bench.load.HandOver;
import dev.store.bench.load.Operation;
import dev.store.bench.load.Timings;
import dev.store.bench.load.Workload;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/**
 * ZooKeeper's lock recipe: an ephemeral node with a sequence number for each that wants the lock, the lowest holds it, and
 * each other one watches the one before it.
 */
final class ZookeeperLocks implements Workload {
    private final Handles handles;
    private final int clients;
    private final boolean contended;
    private final HandOver handOver;

    ZookeeperLocks(Handles handles, int clients, boolean contended, Timings timings) {
        this.handles = handles;
        this.clients = clients;
        this.contended = contended;
        this.handOver = new HandOver(timings, contended);
    }

    @Override
    public String name() {
        return contended ? "lock-contended" : "lock";
    }

    @Override
    public void prepare() {
        for (int client = 0; client < clients; client++) {
            try {
                handles.of(0).create(parent(client), new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            } catch (KeeperException.NodeExistsException e) {
                // Of another client, or of a run before.
            } catch (KeeperException e) {
                throw new IllegalStateException("cannot make " + parent(client), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while nodes were made", e);
            }
        }
    }

    @Override
    public Operation operation() {
        return (client, done) -> {
            Attempt attempt = new Attempt(handles.of(client), parent(client), System.nanoTime(), done);
            attempt.enter();
        };
    }

    @Override
    public void close() {}

    private String parent(int client) {
        return contended ? "/lock-one" : "/lock-" + client;
    }

    /** One lock and unlock of a client. */
    private final class Attempt {
        private final ZooKeeper handle;
        private final String parent;
        private final long askedNanos;
        private final Operation.Done done;

        Attempt(ZooKeeper handle, String parent, long askedNanos, Operation.Done done) {
            this.handle = handle;
            this.parent = parent;
            this.askedNanos = askedNanos;
            this.done = done;
        }

        void enter() {
            handle.create(
                    parent + "/n-",
                    new byte[0],
                    ZooDefs.Ids.OPEN_ACL_UNSAFE,
                    CreateMode.EPHEMERAL_SEQUENTIAL,
                    (code, path, context, name) -> {
                        if (Answers.isOk(code)) {
                            look(name);
                        } else {
                            done.failed(Answers.name(code));
                        }
                    },
                    null);
        }

        private void look(String own) {
            handle.getChildren(
                    parent,
                    false,
                    (code, path, context, children) -> {
                        if (Answers.isOk(code)) {
                            holdOrWait(own, children);
                        } else {
                            done.failed(Answers.name(code));
                        }
                    },
                    null);
        }

        private void holdOrWait(String own, List<String> children) {
            String name = own.substring(parent.length() + 1);
            String before = children.stream()
                    .filter(child -> child.compareTo(name) < 0)
                    .max(String::compareTo)
                    .orElse("");
            if (before.isEmpty()) {
                handOver.held(askedNanos);
                handOver.givingBack();
                handle.delete(own, -1, (code, path, context) -> Answers.tell(code, done), null);
                return;
            }
            Watcher watcher = event -> {
                if (event.getType() == Watcher.Event.EventType.NodeDeleted) {
                    look(own);
                }
            };
            handle.exists(
                    parent + "/" + before,
                    watcher,
                    (code, path, context, stat) -> {
                        // The watch of a node that is gone already tells only when it is made again, which it never is.
                        if (code == KeeperException.Code.NONODE.intValue()) {
                            look(own);
                        } else if (!Answers.isOk(code)) {
                            done.failed(Answers.name(code));
                        }
                    },
                    null);
        }
    }
}
