package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.raft.lease.LeaseState;
import dev.store.raft.storage.OrderedReader;
import dev.store.raft.storage.WriteImage;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.Compact;
import dev.store.raft.v1.Empty;
import dev.store.raft.v1.Failure;
import dev.store.raft.v1.GrantLease;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Applies the commands of one log entry: each sees the effects of those before it, and all effects end up in one image.
 *
 * <p>Deterministic: reads nothing but the replicated state and the entry.
 */
final class BatchApplier {
    private static final byte[] NO_VALUE = {};

    private final OrderedReader reader;
    private final LeaseTable leases;
    private final SessionTable sessions;
    private final WriteImage image;
    /** For all rows of the entry, one after the other. */
    private final RowWriter row = new RowWriter(512);

    private final StagedRecords records;
    private final StagedAttachments attachments;
    private final LeaseCommands leaseCommands;
    private final List<RevisionEvents> revisions = new ArrayList<>();
    private final LogPosition position;
    private final boolean stampedInTerm;
    private final long wallTimeMs;
    private final long leaseTimeMs;
    private long revision;
    private long compactRevision;

    /**
     * @param before state before the entry, with the position and the clocks of the entry folded in
     * @param stampedInTerm whether the lease clock was among these
     * @param newest the records that the reader shows
     */
    BatchApplier(
            MetaState before,
            boolean stampedInTerm,
            OrderedReader reader,
            RecordSource newest,
            LeaseTable leases,
            SessionTable sessions,
            WriteImage image) {
        this.reader = reader;
        this.leases = leases;
        this.sessions = sessions;
        this.image = image;
        this.records = new StagedRecords(newest);
        this.attachments = new StagedAttachments(reader, image);
        this.leaseCommands = new LeaseCommands(this, leases, image);
        this.position = before.applied();
        this.stampedInTerm = stampedInTerm;
        this.wallTimeMs = before.wallTimeMs();
        this.leaseTimeMs = before.leaseTimeMs();
        this.revision = before.revision();
        this.compactRevision = before.compactRevision();
    }

    List<CommandResult> apply(List<Command> commands) {
        List<CommandResult> results = new ArrayList<>(commands.size());
        for (Command command : commands) {
            results.add(apply(command));
        }
        // Sessions age by the lease clock: a wall clock that jumps must not make them forget.
        sessions.endBatch(leaseTimeMs, image);
        return results;
    }

    List<RevisionEvents> revisions() {
        return revisions;
    }

    LeaseCommands leaseCommands() {
        return leaseCommands;
    }

    long revision() {
        return revision;
    }

    long compactRevision() {
        return compactRevision;
    }

    long wallTimeMs() {
        return wallTimeMs;
    }

    long leaseTimeMs() {
        return leaseTimeMs;
    }

    /** Index of the entry. */
    long index() {
        return position.index();
    }

    /** Whether something that was made in a term (0 if it does not say) belongs to the term of the entry. */
    boolean isOfTerm(long term) {
        return isOfTerm(term, position);
    }

    /** Whether the lease clock shows the time at which the entry was proposed. */
    boolean isStampedInTerm() {
        return stampedInTerm;
    }

    static boolean isOfTerm(long term, LogPosition position) {
        return term == 0 || term == position.term();
    }

    private CommandResult apply(Command command) {
        try {
            if (!command.hasOperation()) {
                return applyNew(command);
            }
            CommandResult before = sessions.answer(command.getOperation(), reader);
            if (before != null) {
                return before;
            }
        } catch (StoreException e) {
            return failure(e);
        }
        long before = revision;
        CommandResult result = applyNew(command);
        if (command.getForgetWithoutEffect() && revision == before) {
            return result;
        }
        sessions.keep(command.getOperation(), result, leaseTimeMs, image);
        return result;
    }

    private CommandResult applyNew(Command command) {
        CommandResult.Builder result = CommandResult.newBuilder();
        Scope scope = scope(command);
        List<Long> granted = new ArrayList<>();
        boolean effective = false;
        try {
            for (GrantLease grant : command.getGrantsList()) {
                leaseCommands.grant(grant, scope.namespace());
                granted.add(grant.getLeaseId());
            }
            Mutation mutation = mutation(scope, command.getPrincipal());
            switch (command.getKindCase()) {
                case PUT -> result.setPut(mutation.put(command.getPut()));
                case DELETE -> result.setDelete(mutation.delete(command.getDelete()));
                case TXN -> result.setTxn(new TxnEvaluator(mutation).evaluate(command.getTxn()));
                case COMPACT -> result.setEmpty(compact(command.getCompact()));
                case GRANT_LEASE, REVOKE_LEASE, RENEW_LEASES, CHECKPOINT_LEASES, EXPIRE_LEASES ->
                    leaseCommands.apply(command, scope.namespace(), result);
                case KIND_NOT_SET ->
                    throw new StoreException(
                            ErrorCode.UNIMPLEMENTED,
                            "command: of a kind that this version does not know (expected: members of one version)");
            }
            commit(mutation);
            effective = !result.hasTxn() || result.getTxn().getSucceeded();
            if (effective) {
                for (long id : command.getRevokesList()) {
                    leaseCommands.revokeIfPresent(id, scope.namespace(), command.getPrincipal());
                }
            }
        } catch (StoreException e) {
            return failure(e);
        } finally {
            if (!effective) {
                granted.forEach(leaseCommands::undoGrant);
            }
        }
        return result.setRevision(revision).build();
    }

    private static Scope scope(Command command) {
        return switch (command.getArea()) {
            case AREA_USER -> Scope.user(command.getNamespace());
            case AREA_RECORDS -> Scope.records(command.getNamespace());
            case UNRECOGNIZED ->
                throw new IllegalStateException("area: " + command.getAreaValue()
                        + " (expected: one that this version knows; the log was written by a newer one)");
        };
    }

    /** A mutation that takes effect at the next revision, if it is {@linkplain #commit committed}. */
    Mutation mutation(Scope scope, String principal) {
        return new Mutation(records, leases, new Mutation.Stamp(scope, revision + 1, wallTimeMs, principal));
    }

    /** Makes the changes of a mutation part of the state, at one revision; without changes it does nothing. */
    void commit(Mutation mutation) {
        List<KeyEvent> events = mutation.events();
        if (events.isEmpty()) {
            return;
        }
        revision++;
        int ordinal = 0;
        for (KeyEvent event : events) {
            write(event, ordinal++);
        }
        for (Map.Entry<Long, Integer> change : mutation.attachedChanges().entrySet()) {
            leases.count(change.getKey(), change.getValue());
        }
        revisions.add(new RevisionEvents(revision, events));
    }

    /** The scoped keys on a lease, with the changes of this entry. */
    List<ByteString> attachedKeys(LeaseState lease) {
        return attachments.keys(lease.id());
    }

    private void write(KeyEvent event, int ordinal) {
        KeyRecord current = event.current();
        KeyRecord previous = event.previous();
        ByteString key = event.scopedKey();
        records.stage(key, current);
        if (current == null) {
            image.delete(Rows.current(key));
        } else {
            LoggedChange.encodeRecord(row, current).put(image, Rows.current(key));
        }
        long previousRevision = previous == null ? 0 : previous.modRevision();
        LoggedChange change = new LoggedChange(ordinal, previousRevision, current, event.atMs(), event.by());
        change.encode(row).put(image, Rows.revision(event.revision(), key));
        image.put(Rows.history(key, event.revision()), NO_VALUE);
        attachments.change(key, previous == null ? 0 : previous.leaseId(), current == null ? 0 : current.leaseId());
    }

    private Empty compact(Compact compact) {
        long wanted = compact.getRevision();
        if (wanted > revision) {
            throw new StoreException(
                    ErrorCode.FUTURE_REVISION,
                    "revision: " + wanted + " (expected: at most the current one, " + revision + ")",
                    Map.of("current_revision", Long.toString(revision)),
                    null);
        }
        if (wanted <= compactRevision) {
            throw new StoreException(
                    ErrorCode.COMPACTED,
                    "revision: " + wanted + " (expected: greater than the compaction revision, " + compactRevision
                            + ")",
                    Map.of("compact_revision", Long.toString(compactRevision)),
                    null);
        }
        compactRevision = wanted;
        return Empty.getDefaultInstance();
    }

    private CommandResult failure(StoreException e) {
        return CommandResult.newBuilder()
                .setRevision(revision)
                .setFailure(Failure.newBuilder()
                        .setCode(e.code().name())
                        .setMessage(String.valueOf(e.getMessage()))
                        // Answers are kept, and must be the same bytes on all members; the order of a Map.of differs
                        // from process to process.
                        .putAllDetails(new TreeMap<>(e.details())))
                .build();
    }
}
