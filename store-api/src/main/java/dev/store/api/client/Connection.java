package dev.store.api.client;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What all views of one client share. Its parts are made when first used: a one-shot command needs few of them. */
final class Connection {
    private final Endpoints endpoints;
    private final boolean failFast;
    private final @Nullable Executor callbacks;
    private final Timer timer = new Timer();
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private volatile @Nullable Operations operations;
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

    boolean closed() {
        return closed;
    }

    void close() {
        Operations made;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            made = operations;
        }
        if (made != null) {
            made.close();
        }
        endpoints.close();
        timer.close();
    }
}
