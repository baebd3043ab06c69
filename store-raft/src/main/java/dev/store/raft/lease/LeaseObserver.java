package dev.store.raft.lease;

/** Is told of replicated changes of leases, on the apply thread, after they became visible: it must return at once. */
public interface LeaseObserver {
    /** An observer that does nothing. */
    LeaseObserver NONE = new LeaseObserver() {
        @Override
        public void changed(LeaseState lease) {}

        @Override
        public void ended(long leaseId) {}
    };

    /** A lease was granted or its replicated state changed. */
    void changed(LeaseState lease);

    /** A lease has ended. */
    void ended(long leaseId);
}
