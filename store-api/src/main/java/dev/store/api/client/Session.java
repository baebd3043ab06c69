package dev.store.api.client;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The highest revision that this client has seen of one namespace, like ZooKeeper's last zxid: reads that name it as
 * their floor never go back in time, whichever member answers them. Revision lines of namespaces are independent.
 */
final class Session {
    private final AtomicLong highest = new AtomicLong();

    void saw(long revision) {
        long seen = highest.get();
        while (revision > seen && !highest.compareAndSet(seen, revision)) {
            seen = highest.get();
        }
    }

    long floor() {
        return highest.get();
    }
}
