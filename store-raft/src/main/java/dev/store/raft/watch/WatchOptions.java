package dev.store.raft.watch;

import dev.store.api.Limits;

/**
 * Bounds of the hub.
 *
 * @param ringBytes memory for recent revisions, from which watchers that are a little late are served, in bytes
 * @param queueBytes most bytes of changes that wait for the dispatcher; past it all watchers read history
 * @param bufferRevisions most revisions that wait in one watcher
 * @param bufferBytes most bytes that wait in one watcher; a single larger revision is let in alone
 * @param pageBytes wanted size of one read of history or of a snapshot, in bytes
 * @param joinRevisions a watcher at most this many revisions behind is brought up to date by the dispatcher itself
 * @param watchers most watchers
 */
public record WatchOptions(
        long ringBytes,
        long queueBytes,
        int bufferRevisions,
        int bufferBytes,
        int pageBytes,
        int joinRevisions,
        int watchers) {

    /** What suits a member with its default heap. */
    public static final WatchOptions DEFAULTS =
            new WatchOptions(16L << 20, 32L << 20, 1_024, 1 << 20, 256 << 10, 512, Limits.WATCHES_PER_MEMBER);

    public WatchOptions {
        positive("ringBytes", ringBytes);
        positive("queueBytes", queueBytes);
        positive("bufferRevisions", bufferRevisions);
        positive("bufferBytes", bufferBytes);
        positive("pageBytes", pageBytes);
        positive("joinRevisions", joinRevisions);
        positive("watchers", watchers);
    }

    private static void positive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
    }
}
