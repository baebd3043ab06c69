package dev.store.raft.consensus;

import org.jspecify.annotations.Nullable;

/**
 * Whether this member leads: it was elected and has applied everything of earlier terms. Ratis tells it so on one thread
 * and otherwise on another; a loss that overtakes the gain is recognised by its term.
 */
final class Leadership {
    /** A term in which this member leads. */
    record Term(long number) {}

    /** Is told of gain and loss, in order, one at a time; must not block. */
    interface Listener {
        void gained(long term);

        void lost();
    }

    private final Listener listener;
    private volatile @Nullable Term current;

    Leadership(Listener listener) {
        this.listener = listener;
    }

    /** The present term if this member leads in it. */
    @Nullable
    Term current() {
        return current;
    }

    boolean leading() {
        return current != null;
    }

    synchronized void gain(long term) {
        if (current != null) {
            lose();
        }
        listener.gained(term);
        current = new Term(term);
    }

    synchronized void lose() {
        if (current != null) {
            current = null;
            listener.lost();
        }
    }
}
