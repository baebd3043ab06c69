package dev.store.server.configuration;

import dev.store.raft.v1.ConfigGrayRecord;
import dev.store.raft.v1.ConfigRecord;
import org.jspecify.annotations.Nullable;

/**
 * Where an entry stands at a revision.
 *
 * @param name its name
 * @param record where it stands, as stored
 * @param modRevision revision at which that was last put
 * @param newest the newest version, which may be a deletion; null if the entry was only released to a few yet
 * @param gray the gray version; null if no gray release is under way
 * @param grayRecord the gray release, as stored; null if none is under way
 * @param grayModRevision revision at which that was last put; 0 if none is under way
 * @param rule whom the gray release chooses; null if none is under way
 * @param revision revision of the last change of any of these
 */
record EntryState(
        EntryName name,
        ConfigRecord record,
        long modRevision,
        @Nullable EntryVersion newest,
        @Nullable EntryVersion gray,
        @Nullable ConfigGrayRecord grayRecord,
        long grayModRevision,
        @Nullable GrayRule rule,
        long revision) {

    /** The version that an instance is meant to see; null if the entry does not exist for it yet. */
    @Nullable
    EntryVersion meantFor(Instance instance) {
        GrayRule chooses = rule;
        return chooses != null && gray != null && chooses.chooses(instance) ? gray : newest;
    }

    /** Whether there is a newest version that is no deletion. */
    boolean exists() {
        return newest != null && !newest.deleted();
    }

    /** Number of the newest version; 0 if the entry does not exist. */
    long newestNumber() {
        return record.getDeleted() ? 0 : record.getNewestVersion();
    }
}
