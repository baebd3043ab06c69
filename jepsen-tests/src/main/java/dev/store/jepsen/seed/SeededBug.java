package dev.store.jepsen.seed;

import dev.store.jepsen.nemesis.FaultGroup;
import dev.store.jepsen.run.WorkloadKind;
import java.util.List;

/** Defects of the kinds that were found in stores like this one, and the runs that must find them. */
enum SeededBug {
    /** A leader answers reads without asking whether it still leads (etcd 741, 20418). */
    STALE_READ(
            WorkloadKind.REGISTER,
            FaultGroup.PARTITION,
            raft("consensus/ReadBarrier", "if (next.proven()) {", "if (!next.readers.isEmpty()) {")),
    /** Answers that were asked for before a reader came are shared with it. */
    SHARED_STALE_READ(
            WorkloadKind.REGISTER,
            FaultGroup.SLOW_NET,
            raft(
                    "consensus/FreshReads",
                    "waiting.add(reader);\n            if (current != null) {",
                    "if (current == null) {\n                waiting.add(reader);\n            } else {\n"
                            + "                current.readers.add(reader);")),
    /**
     * The log is acknowledged before it is on disk. It would be there milliseconds later, and a power loss would have to
     * come in between: so the syncs that are not waited for do nothing at all.
     */
    NO_SYNC(
            true,
            WorkloadKind.SET,
            FaultGroup.POWER,
            raft(
                    "consensus/RaftSettings",
                    "Log.setUnsafeFlushEnabled(p, false);",
                    "Log.setUnsafeFlushEnabled(p, true);")),
    /** What was applied is written down now and then only, beside the data (etcd 13766). */
    APPLIED_INDEX_APART(
            WorkloadKind.BANK,
            FaultGroup.KILL,
            raft(
                    "keyspace/StoredKeyspace",
                    "image.put(Rows.META_STATE, after.encode());\n        beginWrite();",
                    "if (position.index() % 50 == 0) {\n            image.put(Rows.META_STATE, after.encode());\n"
                            + "        }\n        beginWrite();")),
    /** One event in ten thousand is left out: a run must deliver many times as many. */
    DROPPED_EVENT(
            60,
            WorkloadKind.WATCH,
            FaultGroup.NONE,
            raft(
                    "watch/RingWatchHub",
                    "watcher.lastOfferNanos = now;\n                if (",
                    "watcher.lastOfferNanos = now;\n                if (java.util.concurrent.ThreadLocalRandom.current()"
                            + ".nextInt(10_000) == 7) {\n                    continue;\n                }\n"
                            + "                if (")),
    /** A watch that is resumed begins one revision too early. */
    DUPLICATE_AFTER_RECONNECT(
            WorkloadKind.WATCH,
            FaultGroup.NONE,
            raft(
                    "watch/RingWatchHub",
                    "? current + 1 : spec.startRevision();",
                    "? current + 1 : Math.max(compacted, spec.startRevision() - 1);")),
    /** Changes at the compaction revision are taken for compacted (etcd 18089, 19179). */
    EVENT_LOST_AT_COMPACTION(
            WorkloadKind.WATCH,
            FaultGroup.KILL,
            raft(
                    "keyspace/StoredHistory",
                    ".read(fromRevision, through, maxBytes)",
                    ".read(fromRevision == meta.compactRevision() ? fromRevision + 1 : fromRevision, through, maxBytes)")),
    /** Progress is told for more than was sent (etcd 15220). */
    EARLY_PROGRESS(
            WorkloadKind.WATCH,
            FaultGroup.NONE,
            raft(
                    "watch/RingWatchHub",
                    "boolean answered = watcher.answerProgress(dispatched);",
                    "boolean answered = watcher.answerProgress(dispatched + 4);"),
            raft(
                    "watch/RingWatchHub",
                    "progressTimes.run(dispatched, this::wakeLater);",
                    "progressTimes.run(dispatched + 4, this::wakeLater);"),
            raft(
                    "watch/RingWatchHub",
                    "if (watcher.answerProgress(dispatched)) {",
                    "if (watcher.answerProgress(dispatched + 4)) {")),
    /** A repeated change is done again. */
    BLIND_RETRY(
            WorkloadKind.ONCE,
            FaultGroup.NONE,
            raft("keyspace/SessionTable", "if (sequence > session.highest) {", "if (sequence > 0) {")),
    /** A member that starts has forgotten whose changes it has done. */
    ANSWERS_FORGOTTEN_AT_START(
            WorkloadKind.ONCE,
            FaultGroup.KILL,
            raft(
                    "keyspace/SessionTable",
                    "table.store(new Session(Rows.number(rows.key()), row.number(), row.number(), row.number()));",
                    "row.number();")),
    /** A member that starts has forgotten all leases. */
    LEASES_FORGOTTEN_AT_START(
            WorkloadKind.LEASE,
            FaultGroup.KILL,
            raft("keyspace/LeaseTable", "table.leases.put(lease.id(), lease);", "lease.id();")),
    /** Leases live for half of their time after each keepalive. */
    SHORT_LEASE(
            WorkloadKind.LEASE,
            FaultGroup.NONE,
            raft(
                    "lease/TimedLease",
                    "nanos + MILLISECONDS.toNanos(state.ttlMs()));\n        renewedNanos",
                    "nanos + MILLISECONDS.toNanos(state.ttlMs()) / 2);\n        renewedNanos"),
            raft("keyspace/LeaseCommands", "&& batch.leaseTimeMs() >= lease.deadlineMs()", "")),
    /** Who waited for a lock is told of its grant although its lease has ended (etcd 11456). */
    LOCK_FOR_A_DEAD_LEASE(
            WorkloadKind.LOCK,
            FaultGroup.NONE,
            server(
                    "locks/LockCall",
                    "case GONE -> fail(lost(\"its lease has ended, or it was taken out of the queue\"));",
                    "case GONE -> check();"),
            server(
                    "locks/LockCall",
                    "if (now.owner == null || now.owner.createRevision() != standing.token) {\n                        fail(lost(\"its lease has ended, or it was taken out of the queue\"));",
                    "if (now.owner == null || now.owner.createRevision() != standing.token) {\n                        grant(now.revision);")),
    /** The token that a write must show is not looked at. */
    UNGUARDED_WRITE(
            WorkloadKind.LOCK,
            FaultGroup.NONE,
            raft(
                    "keyspace/LockGuards",
                    "if (holding(records, namespace, guard.getName(), guard.getToken()) == null) {",
                    "if (guard.getToken() < 0) {")),
    /** One permit too many. */
    ONE_PERMIT_TOO_MANY(
            WorkloadKind.SEMAPHORE,
            FaultGroup.NONE,
            server("locks/Queue", "holders < next.queue().permits();", "holders <= next.queue().permits();"),
            raft("keyspace/LockGuards", "rank < permits && cursor.next()", "rank <= permits && cursor.next()")),
    /** The revision goes back by one at each start. */
    REVISION_REUSED_AFTER_RESTART(
            WorkloadKind.REGISTER,
            FaultGroup.KILL,
            raft(
                    "keyspace/StoredKeyspace",
                    "this.published = meta == null ? MetaState.EMPTY : MetaState.decode(meta);",
                    "MetaState stored = meta == null ? MetaState.EMPTY : MetaState.decode(meta);\n"
                            + "        this.published = new MetaState(stored.applied(), Math.max(0, stored.revision() - 1),"
                            + " stored.compactRevision(), stored.wallTimeMs(), stored.leaseTimeMs(), stored.hash());")),
    /** The answers of changes that went together are mixed up. */
    ANSWERS_SWAPPED(
            WorkloadKind.REGISTER,
            FaultGroup.NONE,
            raft(
                    "keyspace/BatchApplier",
                    "sessions.endBatch(leaseTimeMs, image);\n        return results;",
                    "sessions.endBatch(leaseTimeMs, image);\n        java.util.Collections.reverse(results);\n"
                            + "        return results;")),
    /** A transaction does only the first of its operations. */
    HALF_TRANSACTION(
            WorkloadKind.BANK,
            FaultGroup.NONE,
            raft(
                    "keyspace/TxnEvaluator",
                    "result.addResults(evaluate(op));",
                    "result.addResults(evaluate(op));\n            if (op.hasPut()) {\n                break;\n            }")),
    /** That a key is unchanged is not looked at. */
    LOST_UPDATE(
            WorkloadKind.APPEND,
            FaultGroup.NONE,
            raft(
                    "keyspace/CompareEvaluator",
                    "holds(compare.getOperator(), keyRecord == null ? 0 : keyRecord.modRevision(), compare.getModRevision());",
                    "true;")),
    /** The past is read as the present. */
    PAST_IS_PRESENT(
            WorkloadKind.BANK,
            FaultGroup.NONE,
            raft(
                    "keyspace/StoredView",
                    "? new RewoundRecords(reader, counting(new CurrentRecords(reader)), revision, meta.revision())",
                    "? new CurrentRecords(reader)")),
    /** One message in fifty to subscribers of configuration gets lost. */
    VERSION_LEFT_OUT(
            WorkloadKind.CONFIG,
            FaultGroup.NONE,
            server(
                    "configuration/Subscriber",
                    "if (!lagged) {\n                waiting",
                    "if (!lagged && revision % 50 != 7) {\n                waiting"));

    private final boolean lyingSyncs;
    private final int leastSeconds;
    private final WorkloadKind workload;
    private final FaultGroup faults;

    @SuppressWarnings("ImmutableEnumChecker") // never changed
    private final List<Edit> edits;

    SeededBug(WorkloadKind workload, FaultGroup faults, Edit... edits) {
        this(false, 0, workload, faults, edits);
    }

    SeededBug(boolean lyingSyncs, WorkloadKind workload, FaultGroup faults, Edit... edits) {
        this(lyingSyncs, 0, workload, faults, edits);
    }

    SeededBug(int leastSeconds, WorkloadKind workload, FaultGroup faults, Edit... edits) {
        this(false, leastSeconds, workload, faults, edits);
    }

    SeededBug(boolean lyingSyncs, int leastSeconds, WorkloadKind workload, FaultGroup faults, Edit... edits) {
        this.lyingSyncs = lyingSyncs;
        this.leastSeconds = leastSeconds;
        this.workload = workload;
        this.faults = faults;
        this.edits = List.of(edits);
    }

    boolean lyingSyncs() {
        return lyingSyncs;
    }

    /** A run that is shorter cannot be expected to find it. */
    int leastSeconds() {
        return leastSeconds;
    }

    WorkloadKind workload() {
        return workload;
    }

    FaultGroup faults() {
        return faults;
    }

    List<Edit> edits() {
        return edits;
    }

    private static Edit raft(String type, String before, String after) {
        return new Edit("store-raft/src/main/java/dev/store/raft/" + type + ".java", before, after);
    }

    private static Edit server(String type, String before, String after) {
        return new Edit("store-server/src/main/java/dev/store/server/" + type + ".java", before, after);
    }
}
