package dev.store.raft.sim;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.store.api.v1.Event;
import dev.store.api.v1.KeyValue;
import dev.store.raft.keyspace.KeyEvent;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.raft.keyspace.ScopedKey;
import dev.store.raft.watch.WatchOutput;
import dev.store.raft.watch.WatchSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks all that one watcher gets, over all its connections, against what the watch promises. */
final class WatchPromises {
    private static final String ORDERED = "events come in the order of revisions";
    private static final String UNIQUE = "no event comes twice";
    private static final String RELIABLE = "no event is left out";
    private static final String ATOMIC = "the events of a revision come together";
    private static final String RESUMABLE = "a watch can start from any revision that is still kept";
    private static final String BOOKMARKABLE = "progress R: every event up to R has come, every later one is greater";
    private static final String SNAPSHOT = "the snapshot is the state at its revision, and the changes after it follow";

    private final SimTruth truth;
    private final String who;
    private WatchSpec spec;
    // Every event up to here has come; -1 before the watch was created.
    private long position = -1;
    private boolean progressed;
    private final List<Event> partial = new ArrayList<>();
    private final List<KeyValue> entries = new ArrayList<>();
    private int delivered;

    WatchPromises(SimTruth truth, String who, WatchSpec spec) {
        this.truth = truth;
        this.who = who;
        this.spec = spec;
    }

    long position() {
        return position;
    }

    int delivered() {
        return delivered;
    }

    /** The watch begins anew, with another spec and without what it had. */
    void restart(WatchSpec newSpec) {
        spec = newSpec;
        position = -1;
        disconnected();
    }

    void disconnected() {
        partial.clear();
        entries.clear();
    }

    void created(WatchOutput.Created created, long currentRevision) {
        if (spec.snapshot() && position < 0) {
            return;
        }
        long wanted = position >= 0 ? position + 1 : spec.startRevision();
        long expected = wanted == 0 ? currentRevision + 1 : wanted;
        check(
                created.startRevision() == expected,
                "Resumable",
                RESUMABLE,
                "created " + created + ", wanted " + expected);
        position = expected - 1;
        progressed = false;
    }

    void entries(WatchOutput.SnapshotEntries page) {
        for (ByteString encoded : page.entries().elements()) {
            try {
                entries.add(KeyValue.parseFrom(encoded));
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    void complete(WatchOutput.SnapshotComplete complete) {
        List<KeyValue> expected = truth.entries(spec, complete.revision());
        check(expected.equals(entries), "Snapshot", SNAPSHOT, "got " + entries + " for " + expected);
        entries.clear();
        position = complete.revision();
    }

    void events(WatchOutput.Events batch, long compactRevision) {
        check(position >= 0, "Ordered", ORDERED, "events before the start");
        List<Event> got = new ArrayList<>(partial);
        for (ByteString encoded : batch.events().elements()) {
            try {
                got.add(Event.parseFrom(encoded));
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException(e);
            }
        }
        List<KeyEvent> wanted = truth.wanted(spec, position, batch.revision());
        boolean partly = batch.fragment() && spec.fragment();
        boolean right = partly ? got.size() < wanted.size() : got.size() == wanted.size();
        for (int i = 0; right && i < got.size(); i++) {
            right = got.get(i).toBuilder().clearPrevious().build().equals(SimTruth.toEvent(wanted.get(i)));
        }
        if (!right) {
            explain(got, wanted, batch);
        }
        for (int i = partial.size(); i < got.size(); i++) {
            checkPrevious(got.get(i), wanted.get(i), compactRevision);
        }
        delivered += batch.events().elements().size();
        partial.clear();
        if (batch.fragment()) {
            partial.addAll(got);
        } else {
            position = batch.revision();
            progressed = false;
        }
    }

    void progress(WatchOutput.Progress progress, long dispatchedAtMost) {
        long revision = progress.revision();
        check(partial.isEmpty(), "Bookmarkable", BOOKMARKABLE, progress + " within a revision");
        check(revision <= dispatchedAtMost, "Bookmarkable", BOOKMARKABLE, progress + " of the future");
        List<KeyEvent> missing = truth.wanted(spec, position, revision);
        check(missing.isEmpty(), "Bookmarkable", BOOKMARKABLE, progress + ", but missing is " + missing);
        if (revision > position) {
            position = revision;
            progressed = true;
        }
    }

    void compacted(WatchOutput.Canceled canceled, long compactRevision) {
        long next = position < 0 ? spec.startRevision() : position + 1;
        boolean justified = (spec.snapshot() && position < 0) || next < compactRevision;
        check(justified, "Resumable", RESUMABLE, canceled + ", but next is " + next);
        check(canceled.compactRevision() <= compactRevision, "Resumable", RESUMABLE, canceled + " is made up");
    }

    /** Nothing happens any more: all must have come. */
    void finished() {
        List<KeyEvent> missing = truth.wanted(spec, Math.max(0, position), truth.revision());
        check(missing.isEmpty(), "Reliable", RELIABLE, "never got " + missing + " after revision " + position);
    }

    private void checkPrevious(Event got, KeyEvent wanted, long compactRevision) {
        KeyRecord before = wanted.previous();
        if (!spec.previous() || before == null) {
            check(!got.hasPrevious(), "Previous", "only if asked for", "got " + got);
        } else if (got.hasPrevious()) {
            KeyValue expected = before.toKeyValue(ScopedKey.key(wanted.scopedKey()), true);
            check(got.getPrevious().equals(expected), "Previous", "the entry before the change", "got " + got);
        } else {
            check(before.modRevision() <= compactRevision, "Previous", "where still kept", "got none: " + got);
        }
    }

    private void explain(List<Event> got, List<KeyEvent> wanted, WatchOutput.Events batch) {
        String what = "got " + brief(got) + ", wanted "
                + brief(wanted.stream().map(SimTruth::toEvent).toList()) + " after revision " + position + " up to "
                + batch.revision();
        long last = 0;
        Set<String> seen = new HashSet<>();
        Map<Long, Integer> gotOf = new HashMap<>();
        for (Event event : got) {
            long revision = event.getEntry().getModRevision();
            check(revision > position || !progressed, "Bookmarkable", BOOKMARKABLE, what);
            check(revision > position, "Unique", UNIQUE, what);
            check(revision >= last, "Ordered", ORDERED, what);
            check(seen.add(revision + "/" + event.getEntry().getKey()), "Unique", UNIQUE, what);
            last = revision;
            gotOf.merge(revision, 1, Integer::sum);
        }
        Map<Long, Integer> wantedOf = new HashMap<>();
        wanted.forEach(event -> wantedOf.merge(event.revision(), 1, Integer::sum));
        for (Map.Entry<Long, Integer> revision : wantedOf.entrySet()) {
            check(gotOf.containsKey(revision.getKey()) || batch.fragment(), "Reliable", RELIABLE, what);
            check(revision.getValue().equals(gotOf.get(revision.getKey())), "Atomic", ATOMIC, what);
        }
        throw new BrokenPromise("Content", "events say what happened", who + ": " + what);
    }

    private static String brief(List<Event> events) {
        return events.stream()
                .map(event -> event.getEntry().getModRevision() + ":"
                        + event.getEntry().getKey().toStringUtf8())
                .toList()
                .toString();
    }

    private void check(boolean holds, String name, String promise, String what) {
        if (!holds) {
            throw new BrokenPromise(name, promise, who + ": " + what);
        }
    }
}
