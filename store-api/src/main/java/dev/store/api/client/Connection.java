package dev.store.api.client;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What all views of one client share. Its parts are made when first used: a one-shot command needs few of them. */
final class Connection {
    private final Endpoints endpoints;
    private final boolean failFast;
    private final @Nullable Executor callbacks;
    private final Timer timer = new Timer();
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private volatile @Nullable Operations operations;
    private @Nullable Executor workers;
    private volatile @Nullable WatchStreams watches;
    private volatile @Nullable KeepAlives keepAlives;
    private final Map<String, Object> parts = new ConcurrentHashMap<>();
    private volatile boolean closed;

    Connection(Endpoints endpoints, boolean failFast, @Nullable Executor callbacks) {
        this.endpoints = endpoints;
        this.failFast = failFast;
        this.callbacks = callbacks;
    }

    Endpoints endpoints() {
        return endpoints;
    }

    /** Whether a call fails as soon as no member can be reached, rather than trying until its deadline. */
    boolean failFast() {
        return failFast;
    }

    /** Where futures are completed; null means on the transport's thread. */
    @Nullable
    Executor callbacks() {
        return callbacks;
    }

    Timer timer() {
        return timer;
    }

    Session session(String namespace) {
        Session known = sessions.get(namespace);
        if (known != null) {
            return known;
        }
        Session fresh = new Session();
        Session other = sessions.putIfAbsent(namespace, fresh);
        return other != null ? other : fresh;
    }

    /** What the parts that are built on the client share; made once. */
    Object part(String name, java.util.function.Supplier<?> make) {
        return parts.computeIfAbsent(name, key -> make.get());
    }

    Operations operations() {
        Operations made = operations;
        return made != null ? made : makeOperations();
    }

    private synchronized Operations makeOperations() {
        Operations made = operations;
        if (made == null) {
            made = new Operations();
            operations = made;
            if (closed) {
                made.close();
            }
        }
        return made;
    }

    /** Where listeners are called that may block: the caller's executor, or daemon threads that end when idle. */
    synchronized Executor workers() {
        Executor made = workers;
        if (made == null) {
            made = callbacks != null ? callbacks : daemons();
            workers = made;
        }
        return made;
    }

    private static Executor daemons() {
        AtomicInteger number = new AtomicInteger();
        return Executors.newCachedThreadPool(action -> {
            Thread daemon = new Thread(action, "store-client-" + number.incrementAndGet());
            daemon.setDaemon(true);
            return daemon;
        });
    }

    synchronized WatchStreams watches() {
        WatchStreams made = watches;
        if (made == null) {
            made = new WatchStreams(this);
            watches = made;
            if (closed) {
                made.close();
            }
        }
        return made;
    }

    synchronized KeepAlives keepAlives() {
        KeepAlives made = keepAlives;
        if (made == null) {
            made = new KeepAlives(this);
            keepAlives = made;
            if (closed) {
                made.close();
            }
        }
        return made;
    }

    boolean closed() {
        return closed;
    }

    void close() {
        Operations numbers;
        WatchStreams watching;
        KeepAlives renewing;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            numbers = operations;
            watching = watches;
            renewing = keepAlives;
        }
        if (numbers != null) {
            numbers.close();
        }
        if (watching != null) {
            watching.close();
        }
        if (renewing != null) {
            renewing.close();
        }
        endpoints.close();
        timer.close();
    }
}
