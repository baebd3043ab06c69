package dev.store.server;

import dev.store.server.configuration.ConfigFace;
import dev.store.server.discovery.DiscoveryFace;
import dev.store.server.locks.LockFace;
import dev.store.server.records.RecordView;
import java.util.ArrayList;
import java.util.List;

/** What the records of a node are seen as. Made before the replica, which feeds its views. */
record Faces(DiscoveryFace discovery, ConfigFace configuration, LockFace locks) {
    /** The views to be fed. */
    List<RecordView> views() {
        List<RecordView> views = new ArrayList<>();
        views.add(discovery.view());
        views.add(configuration.view());
        views.addAll(locks.views());
        return views;
    }

    /** Ends calls that wait and streams, so that their callers go to another member. */
    void stop() {
        discovery.stop();
        configuration.stop();
        locks.stop();
    }
}
