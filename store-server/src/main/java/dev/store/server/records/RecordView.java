package dev.store.server.records;

import com.google.protobuf.ByteString;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.raft.keyspace.RecordKind;
import java.util.List;
import java.util.Set;

/**
 * A view in memory of some kinds of records. All calls come from the one thread of the {@link RecordFeed}; what other
 * threads read must be published safely by the view. A view must not block and must not throw.
 */
public interface RecordView {
    /** The kinds that the view wants to see. */
    Set<RecordKind> kinds();

    /**
     * A load begins: at start, and when a snapshot of another member has replaced the state. The present records follow,
     * then {@link #loaded}; what the view showed before stays true enough to be shown until then.
     */
    void loading();

    /** A record that is present. */
    void load(String namespace, RecordKind kind, ByteString key, KeyRecord present);

    /** All present records were given; the view now shows the state at this revision, and not what it showed before. */
    void loaded(long revision);

    /** Changes of one revision, in the order of their transaction, of the kinds that the view wants. */
    void apply(long revision, List<RecordChange> changes);
}
