package dev.store.raft.sim;

import dev.store.raft.keyspace.KeyEvent;
import dev.store.raft.keyspace.Keyspace;
import dev.store.raft.keyspace.RevisionEvents;
import dev.store.raft.lease.LeaseState;
import dev.store.raft.storage.MemoryStore;
import dev.store.raft.storage.WriteImage;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.ExpireLeases;
import dev.store.raft.v1.LeaseDeadline;
import dev.store.raft.v1.LogBatch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts the seeded bug into a member; without one it changes nothing. */
final class SimFaults {
    /** Row that holds the applied position, among others. */
    private static final byte[] META_STATE = {'m', 's'};

    private final SimBug bug;
    private final int member;
    private int announcements;
    private byte @Nullable [] flushedState;
    private byte @Nullable [] staleState;

    SimFaults(SimBug bug, int member) {
        this.bug = bug;
        this.member = member;
    }

    /** What the hub is told of the revisions that were applied. */
    List<RevisionEvents> announced(List<RevisionEvents> revisions) {
        if (bug != SimBug.EVENT_DROPPED) {
            return revisions;
        }
        List<RevisionEvents> told = new ArrayList<>();
        for (RevisionEvents revision : revisions) {
            List<KeyEvent> events = revision.events();
            boolean drop = events.size() > 1 && ++announcements % 10 == 0;
            told.add(drop ? new RevisionEvents(revision.revision(), events.subList(1, events.size())) : revision);
        }
        return told;
    }

    /** What is applied of an entry. */
    LogBatch applied(LogBatch batch, Keyspace keyspace) {
        LogBatch.Builder changed = batch.toBuilder();
        switch (bug) {
            case NO_DEDUPLICATION -> changed.getCommandsBuilderList().forEach(Command.Builder::clearOperation);
            case EXPIRY_WITHOUT_EPOCH_AND_TERM ->
                changed.getCommandsBuilderList().forEach(command -> expireAnyway(command, keyspace));
            case TERM_NOT_FENCED -> {
                changed.clearLeaseTerm();
                changed.getCommandsBuilderList().forEach(SimFaults::forgetTerm);
            }
            case APPLY_ORDER_DIFFERS -> {
                if (member == 1 && batch.getCommandsCount() > 1) {
                    List<Command> commands = new ArrayList<>(batch.getCommandsList());
                    Collections.reverse(commands);
                    changed.clearCommands().addAllCommands(commands);
                }
            }
            default -> {
                return batch;
            }
        }
        return changed.build();
    }

    private static void forgetTerm(Command.Builder command) {
        if (command.hasExpireLeases()) {
            command.getExpireLeasesBuilder().clearTerm();
        } else if (command.hasCheckpointLeases()) {
            command.getCheckpointLeasesBuilder().clearTerm();
        }
    }

    private static void expireAnyway(Command.Builder command, Keyspace keyspace) {
        if (command.hasExpireLeases()) {
            ExpireLeases.Builder expiry = ExpireLeases.newBuilder();
            for (LeaseDeadline seen : command.getExpireLeases().getLeasesList()) {
                long epoch =
                        keyspace.lease(seen.getLeaseId()).map(LeaseState::epoch).orElse(0L);
                expiry.addLeases(seen.toBuilder().setEpoch(epoch));
            }
            command.setExpireLeases(expiry);
        }
    }

    /** The store is about to make everything durable. */
    void flushing(MemoryStore store) {
        byte[] state = store.latest().get(META_STATE);
        if (bug == SimBug.APPLIED_INDEX_NOT_STORED && state != null) {
            staleState = flushedState;
            flushedState = state;
        }
    }

    /** The store as it comes up after a crash. */
    MemoryStore afterCrash(MemoryStore store) {
        MemoryStore crashed = store.crash();
        if (staleState != null) {
            WriteImage image = new WriteImage();
            image.put(META_STATE, staleState);
            crashed.write(image);
        }
        return crashed;
    }
}
