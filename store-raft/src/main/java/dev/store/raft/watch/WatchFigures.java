package dev.store.raft.watch;

/**
 * Figures of the hub for status and metrics.
 *
 * @param watchers open watchers
 * @param synced watchers that are fed live
 * @param behind watchers that read a snapshot, history or the ring
 * @param fellBehind how often a watcher was too slow for its buffer, since the start
 * @param dispatchedRevision last revision handed to the watchers
 * @param maxLag most revisions by which a watcher is behind
 * @param ringBytes memory of the remembered revisions, in bytes
 * @param ringRevisions how many revisions are remembered
 * @param bufferedBytes what waits in all watchers, in bytes; events that are shared count for each watcher
 */
public record WatchFigures(
        int watchers,
        int synced,
        int behind,
        long fellBehind,
        long dispatchedRevision,
        long maxLag,
        long ringBytes,
        int ringRevisions,
        long bufferedBytes) {}
