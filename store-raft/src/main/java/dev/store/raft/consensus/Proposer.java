package dev.store.raft.consensus;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.LogBatch;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Packs commands into entries of the log: at once when nothing is under way, else gathering until a slot is free, so that
 * a single client waits for nobody and a thousand share each write to disk.
 *
 * <p>One thread proposes, so the order of the log is the order of its batches, and their time stamps rise.
 */
final class Proposer implements AutoCloseable {
    /** Largest command, with room for the envelope, that fits into one entry. */
    static final int MAX_COMMAND_BYTES = RaftSettings.ENTRY_LIMIT_BYTES - (256 << 10);

    private static final long UNTIL_WOKEN = Duration.ofHours(1).toNanos();

    private final ReplicaOptions.Batching limits;
    private final Duration timeout;
    private final Clock clock;
    private final LongSupplier appliedWallTimeMs;
    private final LongSupplier leaseTimeMs;
    private final Leadership leadership;
    private final Submitter submitter;
    private final Executor replies;
    private final Runnable settled;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final ArrayDeque<PendingBatch.Waiting> queue = new ArrayDeque<>();
    private final List<PendingBatch> inFlight = new ArrayList<>();
    private final Pacing pacing = new Pacing();
    private final Silence silence = new Silence();
    /**
     * The thread wants to be woken when so many commands are queued. To wake it for each, while it can do nothing, costs more
     * than a command does.
     */
    private int wakeAt = 1;

    private long queuedBytes;
    private boolean closed;
    private long lastWallTimeMs;
    private final Thread thread;

    /**
     * What a proposer is given.
     *
     * @param settled told when nothing follows the last entry for a while; must not block
     */
    record Wiring(
            Clock clock,
            LongSupplier appliedWallTimeMs,
            LongSupplier leaseTimeMs,
            Leadership leadership,
            Submitter submitter,
            Executor replies,
            Runnable settled) {}

    /** Puts an entry into the leader's log, in order of the calls; tells the batch how it ended. */
    interface Submitter {
        void submit(PendingBatch batch);
    }

    Proposer(String member, ReplicaOptions.Batching limits, Duration timeout, Wiring wiring) {
        this.limits = limits;
        this.timeout = timeout;
        this.clock = wiring.clock();
        this.appliedWallTimeMs = wiring.appliedWallTimeMs();
        this.leaseTimeMs = wiring.leaseTimeMs();
        this.leadership = wiring.leadership();
        this.submitter = wiring.submitter();
        this.replies = wiring.replies();
        this.settled = wiring.settled();
        this.thread = new Thread(this::run, "proposer-" + member);
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Queues a command. */
    CompletableFuture<CommandResult> propose(Command command) {
        int bytes = command.getSerializedSize();
        if (bytes > MAX_COMMAND_BYTES) {
            return refused(
                    ErrorCode.TOO_LARGE, "command: " + bytes + " bytes (expected: at most " + MAX_COMMAND_BYTES + ")");
        }
        if (!leadership.leading()) {
            return refused(ErrorCode.NO_LEADER, "no leader: this member does not lead; nothing was proposed");
        }
        PendingBatch.Waiting waiting =
                new PendingBatch.Waiting(command, bytes, System.nanoTime(), new CompletableFuture<>());
        lock.lock();
        try {
            if (closed) {
                return refused(ErrorCode.NOT_READY, "this member is stopping; nothing was proposed");
            }
            if (queue.size() >= limits.queueOperations() || queuedBytes + bytes > limits.queueBytes()) {
                return refused(
                        ErrorCode.OVERLOADED,
                        "proposals waiting: " + queue.size() + " with " + queuedBytes + " bytes (expected: at most "
                                + limits.queueOperations() + " with " + limits.queueBytes()
                                + "); nothing was proposed");
            }
            queue.add(waiting);
            queuedBytes += bytes;
            if (queue.size() >= wakeAt) {
                wake();
            }
        } finally {
            lock.unlock();
        }
        return waiting.result();
    }

    /** Gives up what is under way for too long; called now and then. */
    void expire() {
        List<PendingBatch> late;
        lock.lock();
        try {
            late = inFlight.stream()
                    .filter(batch -> batch.ageNanos() > timeout.toNanos())
                    .toList();
            if (!leadership.leading()) {
                // Refuses what is queued.
                wake();
            }
        } finally {
            lock.unlock();
        }
        late.forEach(batch -> batch.failed("no answer within " + timeout.toMillis() + " ms"));
    }

    /** Commands that wait to be proposed. */
    int queued() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (true) {
            List<PendingBatch.Waiting> taken;
            lock.lock();
            try {
                awaitWork();
                if (closed) {
                    break;
                }
                taken = take();
            } finally {
                lock.unlock();
            }
            Leadership.Term term = leadership.current();
            if (term != null) {
                submit(taken, term);
            } else {
                refuse(taken, ErrorCode.NO_LEADER, "no leader: leadership was lost; nothing was proposed");
            }
        }
        refuse(new ArrayList<>(queue), ErrorCode.NOT_READY, "this member is stopping; nothing was proposed");
    }

    private void awaitWork() {
        while (!closed) {
            long nanos = nanosToWait(System.nanoTime());
            if (nanos <= 0) {
                return;
            }
            try {
                long unused = work.awaitNanos(nanos);
            } catch (InterruptedException e) {
                // Nobody interrupts this thread; if somebody did, it would only wait less.
            }
        }
    }

    /** How long to wait for something to propose, in nanoseconds; 0 or less if there is. */
    private long nanosToWait(long now) {
        if (queue.isEmpty()) {
            wakeAt = 1;
            return waitForSilence(now);
        }
        if (inFlight.size() >= limits.maxInFlight() && leadership.leading()) {
            wakeAt = Integer.MAX_VALUE;
            return UNTIL_WOKEN;
        }
        wakeAt = pacing.company();
        return pacing.remaining(queue.size(), now);
    }

    /** Costs nothing under load, since the next command wakes this thread in any case. */
    private long waitForSilence(long now) {
        if (!silence.hasNews()) {
            return UNTIL_WOKEN;
        }
        long remaining = silence.remaining(now);
        if (remaining > 0) {
            return remaining;
        }
        silence.told();
        settled.run();
        return UNTIL_WOKEN;
    }

    private void wake() {
        wakeAt = Integer.MAX_VALUE;
        work.signal();
    }

    private List<PendingBatch.Waiting> take() {
        List<PendingBatch.Waiting> taken = new ArrayList<>();
        int bytes = 0;
        while (!queue.isEmpty()
                && taken.size() < limits.maxOperations()
                && (taken.isEmpty() || bytes + queue.element().bytes() <= limits.maxBytes())) {
            PendingBatch.Waiting next = queue.remove();
            taken.add(next);
            bytes += next.bytes();
        }
        queuedBytes -= bytes;
        return taken;
    }

    private void submit(List<PendingBatch.Waiting> taken, Leadership.Term term) {
        lastWallTimeMs = Math.max(Math.max(lastWallTimeMs, appliedWallTimeMs.getAsLong()), clock.millis());
        LogBatch.Builder builder = LogBatch.newBuilder()
                .setWallTimeMs(lastWallTimeMs)
                .setLeaseTimeMs(leaseTimeMs.getAsLong())
                .setLeaseTerm(term.number());
        taken.forEach(waiting -> builder.addCommands(waiting.command()));
        PendingBatch batch = new PendingBatch(builder.build(), taken, replies, this::finished);
        lock.lock();
        try {
            inFlight.add(batch);
            silence.began(System.nanoTime());
        } finally {
            lock.unlock();
        }
        try {
            submitter.submit(batch);
        } catch (RuntimeException e) {
            batch.failed(String.valueOf(e.getMessage()));
        }
    }

    private void finished(PendingBatch batch) {
        lock.lock();
        try {
            inFlight.remove(batch);
            long now = System.nanoTime();
            long took = batch.ageNanos();
            pacing.ended(batch.commands(), queue.size(), now, took);
            silence.ended(now, took);
            if (queue.isEmpty()) {
                wakeAt = 1;
            } else {
                wake();
            }
        } finally {
            lock.unlock();
        }
    }

    private void refuse(List<PendingBatch.Waiting> taken, ErrorCode code, String message) {
        if (!taken.isEmpty()) {
            StoreException error = new StoreException(code, message);
            replies.execute(() -> taken.forEach(waiting -> waiting.result().completeExceptionally(error)));
        }
    }

    private static CompletableFuture<CommandResult> refused(ErrorCode code, String message) {
        return CompletableFuture.failedFuture(new StoreException(code, message));
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            work.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
