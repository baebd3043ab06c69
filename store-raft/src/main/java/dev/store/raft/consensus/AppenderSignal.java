package dev.store.raft.consensus;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.ratis.util.AwaitForSignal;

/**
 * Wakes an appender, and remembers to do so if it does not sleep yet.
 *
 * <p>Ratis 3.3.0 forgets a signal that comes between an appender's look at the log and its falling asleep
 * ({@code AwaitForSignal.signal} sets a flag that the next wait no longer sees): a new entry then waits for the next
 * signal, or for the next heartbeat.
 */
final class AppenderSignal extends AwaitForSignal {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean set;

    AppenderSignal(String name) {
        super(name);
    }

    @Override
    public void signal() {
        lock.lock();
        try {
            if (!set) {
                set = true;
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void await() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!set) {
                changed.await();
            }
            set = false;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a signal, at most for a time; a signal that came before the call counts. */
    @Override
    public boolean await(long time, TimeUnit unit) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = unit.toNanos(time);
            while (!set && left > 0) {
                left = changed.awaitNanos(left);
            }
            boolean signalled = set;
            // Whoever waited looks at everything now.
            set = false;
            return signalled;
        } finally {
            lock.unlock();
        }
    }
}
