package dev.store.raft;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes daemon threads of one name, with numbers from 1, so that a thread dump tells what each is for. */
public final class NamedThreads implements ThreadFactory {
    private final String name;
    private final AtomicInteger number = new AtomicInteger();

    /** @param name what all names begin with, without the number */
    public NamedThreads(String name) {
        this.name = name;
    }

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }
}
