package dev.store.jepsen.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Holds what one watcher saw against the timeline, guarantee by guarantee; the names and the wording are those of
 * docs/guarantees.md.
 */
public final class WatchGuaranteesChecker {
    private static final String ORDERED =
            "Ordered: events come in order of revision; an older one never follows a newer one";
    private static final String UNIQUE = "Unique: an event never comes twice";
    private static final String RELIABLE = "Reliable: no event is left out; whoever saw a and c saw b between them";
    private static final String ATOMIC = "Atomic: the events of a revision come in one list";
    private static final String RESUMABLE =
            "Resumable: a watch from the last revision seen + 1 goes on without a gap or a repeat";
    private static final String BOOKMARKABLE =
            "Bookmarkable: after progress at R, all events up to R were seen and every later one is greater than R";

    /**
     * Judges one watcher.
     *
     * @param name who watched, for messages
     * @param sightings what it saw
     * @param wanted which changes it had asked for
     * @param timeline what happened
     * @param until revision up to which it must have seen everything
     */
    public Verdict check(
            String name, List<Sighting> sightings, Predicate<Change> wanted, Timeline timeline, long until) {
        Eye eye = new Eye(wanted, timeline);
        for (Sighting sighting : sightings) {
            if (sighting instanceof Sighting.Began began) {
                eye.began(began);
            } else if (sighting instanceof Sighting.Events events) {
                eye.events(events);
            } else if (sighting instanceof Sighting.Progress progress) {
                eye.progress(progress);
            } else if (sighting instanceof Sighting.Compacted compacted) {
                eye.compacted(compacted);
            }
        }
        eye.ends(until);
        return Verdict.of("watch " + name, eye.problems);
    }

    private static final class Eye {
        private final Predicate<Change> wanted;
        private final Timeline timeline;
        private final List<String> problems = new ArrayList<>();
        private final Set<String> seen = new HashSet<>();
        private final Set<Long> closed = new HashSet<>();
        private boolean started;
        private boolean resumed;
        private boolean inFragment;
        private long first;
        /** Every wanted change up to here was seen or has been reported as missing. */
        private long covered;

        private long lastRevision;
        private long bookmark;

        Eye(Predicate<Change> wanted, Timeline timeline) {
            this.wanted = wanted;
            this.timeline = timeline;
        }

        void began(Sighting.Began began) {
            if (!started) {
                started = true;
                first = began.startRevision();
                covered = first - 1;
                lastRevision = first - 1;
                return;
            }
            resumed = true;
            inFragment = false;
            if (began.startRevision() > covered + 1
                    && !missing(covered + 1, began.startRevision() - 1).isEmpty()) {
                broken(RESUMABLE, "began again at " + began.startRevision() + " after " + covered);
            }
        }

        void events(Sighting.Events events) {
            Set<Long> revisions = new HashSet<>();
            for (Change change : events.changes()) {
                long revision = change.revision();
                revisions.add(revision);
                if (revision < lastRevision) {
                    broken(ORDERED, change + " after revision " + lastRevision);
                }
                if (closed.contains(revision)) {
                    broken(ATOMIC, change + " in a later list than other events of its revision");
                }
                if (revision <= bookmark) {
                    broken(BOOKMARKABLE, change + " after progress at " + bookmark);
                }
                if (!seen.add(change.toString())) {
                    broken(resumed ? RESUMABLE : UNIQUE, change + " again");
                }
                if (revision < first || !wanted.test(change)) {
                    broken(RELIABLE, change + " was not asked for");
                } else if (!timeline.between(revision, revision).contains(change)) {
                    broken(RELIABLE, change + " never happened");
                }
                gap(revision - 1, resumed ? RESUMABLE : RELIABLE);
                lastRevision = Math.max(lastRevision, revision);
            }
            if (!events.changes().isEmpty()) {
                resumed = false;
            }
            if (events.fragment()) {
                revisions.remove(lastRevision);
            } else {
                gap(lastRevision, inFragment ? RELIABLE : ATOMIC);
            }
            inFragment = events.fragment();
            closed.addAll(revisions);
        }

        void progress(Sighting.Progress progress) {
            if (progress.revision() < bookmark) {
                broken(BOOKMARKABLE, "progress at " + progress.revision() + " after progress at " + bookmark);
            }
            gap(progress.revision(), BOOKMARKABLE);
            bookmark = Math.max(bookmark, progress.revision());
        }

        /** What lies below the compaction revision may be missed, by one who is told so; what is at it may not. */
        void compacted(Sighting.Compacted compacted) {
            if (compacted.compactRevision() <= covered + 1) {
                broken(RESUMABLE, "refused as compacted at " + compacted.compactRevision() + " after " + covered);
            }
            covered = Math.max(covered, compacted.compactRevision() - 1);
            lastRevision = Math.max(lastRevision, compacted.compactRevision() - 1);
        }

        void ends(long until) {
            if (!started) {
                problems.add("the watch never began");
            } else {
                gap(until, RELIABLE);
            }
        }

        private void gap(long upTo, String guarantee) {
            for (Change change : missing(covered + 1, upTo)) {
                broken(guarantee, change + " is missing");
            }
            covered = Math.max(covered, upTo);
        }

        private List<Change> missing(long from, long upTo) {
            return timeline.between(from, upTo).stream()
                    .filter(wanted)
                    .filter(change -> !seen.contains(change.toString()))
                    .toList();
        }

        private void broken(String guarantee, String how) {
            problems.add(guarantee + ". But: " + how);
        }
    }
}
