package dev.store.server.watch;

import dev.store.api.v1.WatchCanceled;
import dev.store.api.v1.WatchCreated;
import dev.store.api.v1.WatchLagging;
import dev.store.api.v1.WatchResponse;
import dev.store.raft.watch.WatchOutput;

/** The form on the wire of what comes out of a watcher. */
final class WatchFrames {
    private WatchFrames() {}

    static WatchFrame of(long watchId, WatchOutput output) {
        WatchResponse.Builder head =
                WatchResponse.newBuilder().setWatchId(watchId).setRevision(output.revision());
        if (output instanceof WatchOutput.Events events) {
            return WatchFrame.of(
                    head.setFragment(events.fragment()).build(),
                    events.events().asField(WatchResponse.EVENTS_FIELD_NUMBER));
        } else if (output instanceof WatchOutput.SnapshotEntries snapshot) {
            return WatchFrame.of(head.build(), snapshot.entries().asField(WatchResponse.SNAPSHOT_ENTRIES_FIELD_NUMBER));
        } else if (output instanceof WatchOutput.Created created) {
            head.setCreated(WatchCreated.newBuilder().setStartRevision(created.startRevision()));
        } else if (output instanceof WatchOutput.SnapshotComplete) {
            head.setSnapshotComplete(true);
        } else if (output instanceof WatchOutput.Progress) {
            head.setProgress(true);
        } else if (output instanceof WatchOutput.Lagging lagging) {
            head.setLagging(WatchLagging.newBuilder()
                    .setBehindRevision(lagging.revision())
                    .setCurrentRevision(lagging.currentRevision()));
        } else if (output instanceof WatchOutput.Canceled canceled) {
            head.setCanceled(WatchCanceled.newBuilder()
                    .setReason(canceled.code().name())
                    .setMessage(canceled.message())
                    .setCompactRevision(canceled.compactRevision()));
        } else {
            throw new IllegalStateException("watch output: " + output + " (expected: a known kind)");
        }
        return WatchFrame.of(head.build());
    }
}
