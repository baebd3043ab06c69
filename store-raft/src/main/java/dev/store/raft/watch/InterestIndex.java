package dev.store.raft.watch;

import com.google.protobuf.ByteString;
import dev.store.raft.keyspace.KeyRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the topics that a change concerns: by a hash for single keys, by an interval tree for ranges, so that the cost
 * of a change grows with the watchers that get it and not with all there are. Belongs to the dispatcher.
 */
final class InterestIndex {
    private final Map<Interest, Topic> topics = new HashMap<>();
    private final Map<ByteString, List<Topic>> byKey = new HashMap<>();
    private final IntervalTree<List<Topic>> byRange = new IntervalTree<>();
    private final Map<KeyRange, List<Topic>> rangeTopics = new HashMap<>();

    void add(HubWatcher watcher) {
        Topic topic = topics.get(watcher.interest());
        if (topic == null) {
            topic = new Topic(watcher.interest());
            topics.put(watcher.interest(), topic);
            list(topic);
        }
        topic.add(watcher);
    }

    /** Removes a watcher that was added. */
    void remove(HubWatcher watcher) {
        Topic topic = topics.get(watcher.interest());
        if (topic == null) {
            throw new IllegalStateException("watcher: removed but never added");
        }
        topic.remove(watcher);
        if (topic.members().isEmpty()) {
            topics.remove(watcher.interest());
            unlist(topic);
        }
    }

    /** All watchers. */
    List<HubWatcher> watchers() {
        List<HubWatcher> all = new ArrayList<>();
        for (Topic topic : topics.values()) {
            all.addAll(topic.members());
        }
        return all;
    }

    /** Lets every topic that wants some of these events gather them; returns those topics. */
    List<Topic> gather(SharedRevision revision) {
        List<Topic> touched = new ArrayList<>();
        if (topics.isEmpty()) {
            return touched;
        }
        for (SharedEvent event : revision.events()) {
            ByteString key = event.event().scopedKey();
            gatherInto(byKey.get(key), event, touched);
            if (byRange.size() > 0) {
                byRange.holding(key.toByteArray(), listed -> gatherInto(listed, event, touched));
            }
        }
        return touched;
    }

    private static void gatherInto(@Nullable List<Topic> listed, SharedEvent event, List<Topic> touched) {
        if (listed == null) {
            return;
        }
        for (Topic topic : listed) {
            if (topic.gather(event)) {
                touched.add(topic);
            }
        }
    }

    private void list(Topic topic) {
        KeyRange range = topic.interest().range();
        if (range.isSingle()) {
            byKey.computeIfAbsent(range.start(), key -> new ArrayList<>(1)).add(topic);
            return;
        }
        List<Topic> listed = rangeTopics.get(range);
        if (listed == null) {
            listed = new ArrayList<>(1);
            rangeTopics.put(range, listed);
            byRange.add(range, listed);
        }
        listed.add(topic);
    }

    private void unlist(Topic topic) {
        KeyRange range = topic.interest().range();
        if (range.isSingle()) {
            List<Topic> listed = byKey.get(range.start());
            if (listed != null && listed.remove(topic) && listed.isEmpty()) {
                byKey.remove(range.start());
            }
            return;
        }
        List<Topic> listed = rangeTopics.get(range);
        if (listed != null && listed.remove(topic) && listed.isEmpty()) {
            rangeTopics.remove(range);
            byRange.remove(range);
        }
    }
}
