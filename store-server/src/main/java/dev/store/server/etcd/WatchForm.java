package dev.store.server.etcd;

import com.google.protobuf.ByteString;
import dev.store.api.v1.KeySelector;
import dev.store.api.v1.KeySpan;
import dev.store.raft.keyspace.KeyRange;
import dev.store.raft.keyspace.Requests;
import dev.store.raft.keyspace.ScopedKey;
import dev.store.raft.watch.WatchSpec;
import dev.store.server.etcd.v3.WatchCreateRequest;
import dev.store.server.etcd.v3.WatchCreateRequest.FilterType;
import java.time.Duration;

/** What an etcd client wants to see, in the hub's terms. */
final class WatchForm {
    /**
     * Idle time after which progress is sent to who asked for it. etcd's is ten minutes by default; Kubernetes, which lives
     * off it, advises to set it to five seconds.
     */
    static final Duration PROGRESS_INTERVAL = Duration.ofSeconds(5);

    private WatchForm() {}

    static WatchSpec of(WatchCreateRequest create) {
        if (create.getStartRevision() < 0) {
            throw EtcdErrors.invalid("start_revision: " + create.getStartRevision() + " (expected: at least 0)");
        }
        if (KeySelection.isEmpty(create.getKey(), create.getRangeEnd())) {
            throw EtcdErrors.plain("mvcc: watcher range is empty");
        }
        return new WatchSpec(
                range(create),
                create.getStartRevision(),
                !create.getFiltersList().contains(FilterType.NOPUT),
                !create.getFiltersList().contains(FilterType.NODELETE),
                create.getPrevKv(),
                create.getFragment(),
                false,
                create.getProgressNotify() ? PROGRESS_INTERVAL : Duration.ZERO,
                EventForm.ENCODING);
    }

    /** In a watch, other than in a range, an empty key means the first one. */
    private static KeyRange range(WatchCreateRequest create) {
        if (!create.getKey().isEmpty()) {
            return KeySelection.range(create.getKey(), create.getRangeEnd());
        }
        ByteString first = ByteString.copyFrom(new byte[] {0});
        ByteString end = create.getRangeEnd();
        if (end.isEmpty()) {
            return KeySelection.range(first, end);
        }
        KeySpan.Builder span = KeySpan.newBuilder();
        if (!end.equals(first)) {
            span.setEnd(end);
        }
        return Requests.range(
                ScopedKey.DEFAULT_NAMESPACE,
                KeySelector.newBuilder().setSpan(span).build());
    }
}
