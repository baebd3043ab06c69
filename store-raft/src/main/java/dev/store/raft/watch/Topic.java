package dev.store.raft.watch;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All live watchers with the same interest. Belongs to the dispatcher. */
final class Topic {
    private final Interest interest;
    private final List<HubWatcher> members = new ArrayList<>(1);
    private @Nullable List<SharedEvent> gathered;

    Topic(Interest interest) {
        this.interest = interest;
    }

    Interest interest() {
        return interest;
    }

    List<HubWatcher> members() {
        return members;
    }

    void add(HubWatcher watcher) {
        watcher.topicSlot = members.size();
        members.add(watcher);
    }

    /** Removes a member by moving the last one into its place, so that a walk from last to first goes on undisturbed. */
    void remove(HubWatcher watcher) {
        HubWatcher last = members.remove(members.size() - 1);
        if (last != watcher) {
            members.set(watcher.topicSlot, last);
            last.topicSlot = watcher.topicSlot;
        }
        watcher.topicSlot = -1;
    }

    /** Takes in an event of the revision being dispatched; true if it is the first one. */
    boolean gather(SharedEvent event) {
        if (!interest.wants(event.event())) {
            return false;
        }
        boolean isFirst = gathered == null;
        if (gathered == null) {
            gathered = new ArrayList<>(1);
        }
        gathered.add(event);
        return isFirst;
    }

    /** What was gathered, as one delivery. */
    Delivery deliver(long revision) {
        if (gathered == null) {
            throw new IllegalStateException("topic: nothing gathered at revision " + revision);
        }
        Delivery delivery = new Delivery(revision, gathered, interest);
        gathered = null;
        return delivery;
    }
}
