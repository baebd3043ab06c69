package dev.store.api.client;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * All entries of a range of any size, at one revision, in ascending key order.
 *
 * <p>Pulled, not pushed: a member sends what is asked for, so nothing piles up, and it goes on at another member where it
 * was if one fails. Take it either as an iterator, which blocks for each next chunk, or by {@link #next()}.
 */
public sealed interface EntryStream extends Iterable<Entry>, AutoCloseable permits RangeStream {
    /**
     * The next entries; an empty list means that there are no more. Ask again only when this is answered. It fails with
     * DEADLINE_EXCEEDED if they do not come within the timeout of the view that made the stream.
     *
     * @throws IllegalStateException if the last one was not answered yet
     */
    CompletableFuture<List<Entry>> next();

    /** The revision that is read; 0 before the first entries came. */
    long revision();

    /** The entries that were not taken yet. Blocks; failures are {@link dev.store.api.error.StoreException}. */
    @Override
    Iterator<Entry> iterator();

    /** Ends the stream. */
    @Override
    void close();
}
