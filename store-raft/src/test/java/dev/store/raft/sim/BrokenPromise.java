package dev.store.raft.sim;

/** Says which promise was broken, and how. */
final class BrokenPromise extends AssertionError {
    private static final long serialVersionUID = 1L;

    BrokenPromise(String name, String promise, String what) {
        super(name + " (" + promise + "): " + what);
    }
}
