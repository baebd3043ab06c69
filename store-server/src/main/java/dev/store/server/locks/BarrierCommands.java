package dev.store.server.locks;

import com.google.protobuf.ByteString;
import dev.store.api.v1.Compare;
import dev.store.api.v1.Range;
import dev.store.api.v1.Txn;
import dev.store.raft.keyspace.KeyRange;
import dev.store.raft.keyspace.RecordKey;
import dev.store.raft.keyspace.RecordKind;
import dev.store.raft.v1.BarrierPartyRecord;
import dev.store.raft.v1.BarrierRecord;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.OpenBarrier;
import dev.store.server.records.RecordCommand;

/** The transactions of double barriers, each one command. */
final class BarrierCommands {
    private static final String OPEN = "open";
    private static final String LATCH = "latch";

    private BarrierCommands() {}

    /**
     * A party of a barrier.
     *
     * @param parties how many it waits for
     * @param call a random number of this call
     */
    record Party(LockId barrier, String owner, long leaseId, int parties, long call) {
        ByteString key() {
            return RecordKey.of(
                    RecordKind.BARRIER_PARTY, barrier.name(), number(parties), Long.toHexString(leaseId), owner);
        }
    }

    static ByteString openKey(String name) {
        return RecordKey.of(RecordKind.BARRIER, name, OPEN);
    }

    static ByteString latchKey(String name) {
        return RecordKey.of(RecordKind.BARRIER, name, LATCH);
    }

    static boolean isLatch(ByteString key) {
        return RecordKey.parts(key, 2).get(1).equals(LATCH);
    }

    /** Keys of the parties of a barrier, whatever number they wait for. */
    static ByteString everyone(String name) {
        return RecordKey.of(RecordKind.BARRIER_PARTY, name);
    }

    private static String number(int parties) {
        return Integer.toString(parties);
    }

    /**
     * Comes in while the barrier is closed and others wait for the same number; again, if this party is in already, so that
     * this call is the one that speaks for it. Results of {@code then}: party, count; of {@code otherwise}: party record,
     * open barrier, a party that waits for less, one that waits for more.
     */
    static Command enter(Party party) {
        String name = party.barrier.name();
        ByteString all = everyone(name);
        ByteString same = RecordKey.of(RecordKind.BARRIER_PARTY, name, number(party.parties));
        RecordCommand txn = RecordCommand.in(party.barrier.namespace())
                .whenMissing(LockOps.key(openKey(name)))
                .whenMissing(LockOps.span(all, same))
                .whenMissing(LockOps.span(KeyRange.successor(same), KeyRange.successor(all)))
                .then(LockOps.put(
                        party.key(),
                        BarrierPartyRecord.newBuilder().setCall(party.call).build(),
                        party.leaseId))
                .then(LockOps.range(
                        Range.newBuilder().setKeys(LockOps.prefix(all)).setCountOnly(true)));
        return txn.otherwise(LockOps.read(party.key()))
                .otherwise(LockOps.read(openKey(name)))
                .otherwise(LockOps.range(
                        Range.newBuilder().setKeys(LockOps.span(all, same)).setLimit(1)))
                .otherwise(LockOps.range(Range.newBuilder()
                        .setKeys(LockOps.span(KeyRange.successor(same), KeyRange.successor(all)))
                        .setLimit(1)))
                .otherwise(LockOps.nested(closeIfEmpty(name)))
                .build();
    }

    /** Closes a barrier whose parties are all gone. */
    private static Txn.Builder closeIfEmpty(String name) {
        return Txn.newBuilder()
                .addCompares(Compare.newBuilder()
                        .setKeys(LockOps.prefix(everyone(name)))
                        .setExists(false))
                .addThen(LockOps.delete(openKey(name)));
    }

    /** Opens the barrier, if a call that waits in it still speaks for its party. */
    static Command open(Party party, long partyRevision) {
        return RecordCommand.in(party.barrier.namespace())
                .whenMissing(LockOps.key(openKey(party.barrier.name())))
                .whenModifiedAt(party.key(), partyRevision)
                .then(LockOps.put(
                        openKey(party.barrier.name()),
                        BarrierRecord.newBuilder()
                                .setOpenBarrier(OpenBarrier.newBuilder().setParties(party.parties))
                                .build(),
                        0))
                .build();
    }

    /** Goes out again before the barrier has opened. */
    static Command withdraw(Party party, long partyRevision) {
        return RecordCommand.in(party.barrier.namespace())
                .whenMissing(LockOps.key(openKey(party.barrier.name())))
                .whenModifiedAt(party.key(), partyRevision)
                .then(LockOps.delete(party.key()))
                .build();
    }

    /** Goes out, and closes the barrier behind the last. Results: party, nested, open barrier if it is still open. */
    static Command leave(Party party) {
        return RecordCommand.in(party.barrier.namespace())
                .then(LockOps.delete(party.key()))
                .then(LockOps.nested(closeIfEmpty(party.barrier.name())))
                .then(LockOps.read(openKey(party.barrier.name())))
                .build();
    }
}
