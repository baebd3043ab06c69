package dev.store.api.client;

/** An answer, which never travels without the revision at which it was true. */
public interface Versioned {
    /** Where and when the answer was true. */
    Header header();

    /** For a write, the revision at which it took effect; for a read, the revision that it reflects. */
    default long revision() {
        return header().revision();
    }
}
