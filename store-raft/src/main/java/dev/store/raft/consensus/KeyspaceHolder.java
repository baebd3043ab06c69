package dev.store.raft.consensus;

import com.google.protobuf.ByteString;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.Range;
import dev.store.api.v1.RangeResult;
import dev.store.api.v1.Txn;
import dev.store.api.v1.TxnResult;
import dev.store.raft.keyspace.History;
import dev.store.raft.keyspace.KeyRange;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.raft.keyspace.Keyspace;
import dev.store.raft.keyspace.KeyspaceView;
import dev.store.raft.watch.WatchSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The keyspace in use, which a snapshot may replace at any moment.
 *
 * <p>Readers hold a share of the keyspace that they began with; it is closed when it has been replaced and the last
 * reader is done. RocksDB ends the process when it is used after closing, so nobody touches a keyspace without a share.
 */
final class KeyspaceHolder implements History, WatchSource {
    private volatile @Nullable Shared current;

    /** Puts a keyspace in use. The one before it is closed, and then its clean-up run, when its last reader is done. */
    synchronized void replace(Keyspace keyspace, Runnable afterClose) {
        Shared previous = current;
        current = new Shared(keyspace, afterClose);
        if (previous != null) {
            previous.release();
        }
    }

    /** Ends the use; the keyspace is closed when its last reader is done. */
    synchronized void close() {
        Shared previous = current;
        current = null;
        if (previous != null) {
            previous.release();
        }
    }

    /** Uses the keyspace. */
    <T> T with(Function<Keyspace, T> use) {
        Shared shared = acquire();
        try {
            return use.apply(shared.keyspace);
        } finally {
            shared.release();
        }
    }

    @Override
    public History history() {
        return this;
    }

    /** Opens a view; its share is given back when it is closed. */
    @Override
    public KeyspaceView view() {
        Shared shared = acquire();
        try {
            return new SharedView(shared.keyspace.view(), shared);
        } catch (RuntimeException e) {
            shared.release();
            throw e;
        }
    }

    /** The newest record of a scoped key. */
    Keyspace.Newest newest(ByteString scopedKey) {
        return with(keyspace -> keyspace.newest(scopedKey));
    }

    @Override
    public long currentRevision() {
        return with(Keyspace::revision);
    }

    @Override
    public long compactRevision() {
        return with(Keyspace::compactRevision);
    }

    @Override
    public HistoryPage read(
            long fromRevision, long throughRevision, KeyRange range, int maxBytes, boolean withPrevious) {
        return with(keyspace -> keyspace.history().read(fromRevision, throughRevision, range, maxBytes, withPrevious));
    }

    @Override
    public long revisionAt(long wallTimeMs) {
        return with(keyspace -> keyspace.history().revisionAt(wallTimeMs));
    }

    private Shared acquire() {
        while (true) {
            Shared shared = current;
            if (shared == null) {
                throw new StoreException(ErrorCode.NOT_READY, "this member is starting or stopping");
            }
            if (shared.acquire()) {
                return shared;
            }
        }
    }

    /** A keyspace with the number of its users; the holder itself is the first. */
    private static final class Shared {
        final Keyspace keyspace;
        private final Runnable afterClose;
        private int users = 1;

        Shared(Keyspace keyspace, Runnable afterClose) {
            this.keyspace = keyspace;
            this.afterClose = afterClose;
        }

        synchronized boolean acquire() {
            if (users == 0) {
                return false;
            }
            users++;
            return true;
        }

        void release() {
            boolean last;
            synchronized (this) {
                last = --users == 0;
            }
            if (last) {
                keyspace.close();
                afterClose.run();
            }
        }
    }

    private static final class SharedView implements KeyspaceView {
        private final KeyspaceView view;
        private final Shared shared;
        private final AtomicBoolean open = new AtomicBoolean(true);

        SharedView(KeyspaceView view, Shared shared) {
            this.view = view;
            this.shared = shared;
        }

        @Override
        public long revision() {
            return view.revision();
        }

        @Override
        public long compactRevision() {
            return view.compactRevision();
        }

        @Override
        public Optional<KeyRecord> get(ByteString scopedKey, long revision) {
            return view.get(scopedKey, revision);
        }

        @Override
        public RangeResult range(String namespace, Range range) {
            return view.range(namespace, range);
        }

        @Override
        public TxnResult readOnlyTxn(String namespace, Txn txn) {
            return view.readOnlyTxn(namespace, txn);
        }

        @Override
        public KeyCursor scan(KeyRange range, long revision) {
            return view.scan(range, revision);
        }

        @Override
        public long count(KeyRange range, long revision) {
            return view.count(range, revision);
        }

        @Override
        public ContentHash hash(long revision) {
            return view.hash(revision);
        }

        @Override
        public void close() {
            if (open.compareAndSet(true, false)) {
                view.close();
                shared.release();
            }
        }
    }
}
