package dev.store.raft.keyspace;

import static dev.store.raft.keyspace.Commands.as;
import static dev.store.raft.keyspace.Commands.bytes;
import static dev.store.raft.keyspace.Commands.command;
import static dev.store.raft.keyspace.Commands.compact;
import static dev.store.raft.keyspace.Commands.compare;
import static dev.store.raft.keyspace.Commands.delete;
import static dev.store.raft.keyspace.Commands.deleteOp;
import static dev.store.raft.keyspace.Commands.grant;
import static dev.store.raft.keyspace.Commands.key;
import static dev.store.raft.keyspace.Commands.prefix;
import static dev.store.raft.keyspace.Commands.put;
import static dev.store.raft.keyspace.Commands.putOp;
import static dev.store.raft.keyspace.Commands.rangeOp;
import static dev.store.raft.keyspace.Commands.revoke;
import static dev.store.raft.keyspace.Commands.txn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.Compare;
import dev.store.api.v1.Put;
import dev.store.api.v1.Txn;
import dev.store.raft.lease.LeaseState;
import dev.store.raft.storage.MemoryStore;
import dev.store.raft.v1.CheckpointLeases;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.ExpireLeases;
import dev.store.raft.v1.LeaseDeadline;
import dev.store.raft.v1.LogBatch;
import dev.store.raft.v1.RenewLeases;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoredKeyspaceTest {
    private final MemoryStore store = new MemoryStore();
    private final TestKeyspace test = new TestKeyspace(store);

    @Test
    void putRaisesTheRevisionAndKeepsMetadata() {
        test.wallTimeMs = 5_000;
        assertThat(test.apply(put("a", "1")).getRevision()).isEqualTo(1);
        test.wallTimeMs = 7_000;
        assertThat(test.apply(put("a", "2")).getRevision()).isEqualTo(2);

        KeyRecord found = test.get("a").orElseThrow();
        assertThat(found.value()).isEqualTo(bytes("2"));
        assertThat(found.createRevision()).isEqualTo(1);
        assertThat(found.modRevision()).isEqualTo(2);
        assertThat(found.version()).isEqualTo(2);
        assertThat(found.createdAtMs()).isEqualTo(5_000);
        assertThat(found.modifiedAtMs()).isEqualTo(7_000);
    }

    @Test
    void timeStampsNeverFallWhenAClockDoes() {
        test.wallTimeMs = 9_000;
        test.apply(put("a", "1"));
        test.wallTimeMs = 2_000;
        test.apply(put("b", "1"));

        assertThat(test.get("b").orElseThrow().modifiedAtMs()).isEqualTo(9_000);
    }

    @Test
    void versionStartsOverAfterADeletion() {
        test.apply(put("a", "1"));
        test.apply(put("a", "2"));
        test.apply(delete(key("a")));
        test.apply(put("a", "3"));

        KeyRecord found = test.get("a").orElseThrow();
        assertThat(found.version()).isEqualTo(1);
        assertThat(found.createRevision()).isEqualTo(4);
    }

    @Test
    void deletingNothingDoesNotRaiseTheRevision() {
        test.apply(put("a", "1"));

        CommandResult result = test.apply(delete(prefix("x")));

        assertThat(result.getRevision()).isEqualTo(1);
        assertThat(result.getDelete().getDeleted()).isZero();
        assertThat(test.events).hasSize(1);
    }

    @Test
    void putWithKeptValueChangesOnlyTheLease() {
        test.apply(grant(7, 60_000));
        test.apply(put("a", "1"));
        test.apply(
                command(Put.newBuilder().setKey(bytes("a")).setKeepValue(true).setLeaseId(7)));
        assertThat(test.get("a").orElseThrow().leaseId()).isEqualTo(7);
        assertThat(test.value("a")).contains("1");

        test.apply(
                command(Put.newBuilder().setKey(bytes("a")).setValue(bytes("2")).setKeepLease(true)));
        assertThat(test.get("a").orElseThrow().leaseId()).isEqualTo(7);
        assertThat(test.value("a")).contains("2");
    }

    @Test
    void putThatKeepsTheValueOfAMissingKeyFailsAndChangesNothing() {
        CommandResult result =
                test.apply(command(Put.newBuilder().setKey(bytes("a")).setKeepValue(true)));

        assertThat(result.getFailure().getCode()).isEqualTo(ErrorCode.KEY_NOT_FOUND.name());
        assertThat(test.keyspace.revision()).isZero();
    }

    @Test
    void aFailingOperationUndoesTheWholeTransaction() {
        CommandResult result = test.apply(txn(Txn.newBuilder()
                .addThen(putOp("a", "1"))
                .addThen(dev.store.api.v1.TxnOp.newBuilder()
                        .setPut(Put.newBuilder().setKey(bytes("b")).setLeaseId(99)))));

        assertThat(result.getFailure().getCode()).isEqualTo(ErrorCode.LEASE_NOT_FOUND.name());
        assertThat(test.get("a")).isEmpty();
        assertThat(test.keyspace.revision()).isZero();
    }

    @Test
    void aTransactionIsOneRevisionAndSeesItsOwnWrites() {
        test.apply(put("a", "1"));

        CommandResult result = test.apply(txn(Txn.newBuilder()
                .addCompares(compare(key("a")).setValue(bytes("1")))
                .addThen(putOp("b", "2"))
                .addThen(deleteOp(key("a")))
                .addThen(rangeOp(prefix("")))));

        assertThat(result.getRevision()).isEqualTo(2);
        assertThat(result.getTxn().getSucceeded()).isTrue();
        assertThat(result.getTxn().getResults(2).getRange().getEntriesList())
                .extracting(entry -> entry.getKey().toStringUtf8())
                .containsExactly("b");
        assertThat(test.events.get(1).events()).hasSize(2);
    }

    @Test
    void aValueCompareOfAMissingKeyIsFalseAlsoWithNotEqual() {
        CommandResult result = test.apply(txn(Txn.newBuilder()
                .addCompares(compare(key("a"))
                        .setOperator(Compare.Operator.OPERATOR_NOT_EQUAL)
                        .setValue(bytes("1")))
                .addThen(putOp("a", "then"))
                .addOtherwise(putOp("a", "otherwise"))));

        assertThat(result.getTxn().getSucceeded()).isFalse();
        assertThat(test.value("a")).contains("otherwise");
    }

    @Test
    void aCompareOverARangeMustHoldForEveryKeyOfIt() {
        test.apply(put("a1", "x"));
        test.apply(put("a2", "y"));

        assertThat(holds(compare(prefix("a")).setValue(bytes("x")))).isFalse();
        assertThat(holds(compare(prefix("a"))
                        .setOperator(Compare.Operator.OPERATOR_GREATER)
                        .setVersion(0)))
                .isTrue();
        assertThat(holds(compare(prefix("z")).setVersion(0))).isTrue();
        assertThat(holds(compare(prefix("z")).setExists(false))).isTrue();
    }

    private boolean holds(Compare.Builder compare) {
        return test.apply(txn(Txn.newBuilder().addCompares(compare))).getTxn().getSucceeded();
    }

    @Test
    void oldRevisionsCanBeReadUntilTheyAreCompacted() {
        test.apply(put("a", "1"));
        test.apply(put("a", "2"));
        test.apply(delete(key("a")));
        test.apply(put("b", "1"));

        assertThat(test.get("a", 1).orElseThrow().value()).isEqualTo(bytes("1"));
        assertThat(test.get("a", 2).orElseThrow().value()).isEqualTo(bytes("2"));
        assertThat(test.get("a", 3)).isEmpty();

        test.apply(compact(2));
        assertThat(test.get("a", 2).orElseThrow().value()).isEqualTo(bytes("2"));
        assertThatThrownBy(() -> test.get("a", 1)).isInstanceOfSatisfying(StoreException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.COMPACTED);
            assertThat(e.details()).containsEntry("compact_revision", "2");
        });
        assertThatThrownBy(() -> test.get("a", 5))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FUTURE_REVISION));
    }

    @Test
    void aDeletionAtTheCompactionRevisionCanStillBeWatchedAndIsRemovedByTheNextCompaction() {
        test.apply(put("a", "1"));
        test.apply(delete(key("a")));
        test.apply(put("b", "1"));
        test.apply(compact(2));

        assertThat(historyFrom(2)).extracting(RevisionEvents::revision).containsExactly(2L, 3L);
        assertThatThrownBy(() -> historyFrom(1)).isInstanceOf(StoreException.class);

        test.apply(compact(3));
        assertThat(rows('h')).isEqualTo(1);
        assertThat(rows('r')).isEqualTo(1);
    }

    private List<RevisionEvents> historyFrom(long revision) {
        return test.keyspace
                .history()
                .read(revision, Long.MAX_VALUE, KeyRange.prefix(ScopedKey.prefix("", (byte) 1)), 1 << 20, true)
                .revisions();
    }

    private long rows(char table) {
        return store.rows().keySet().stream().filter(row -> row[0] == table).count();
    }

    @Test
    void compactionRemovesWhatItMadeUnreadableAndNothingElse() {
        for (int i = 0; i < 100; i++) {
            test.apply(put("a", "v" + i));
        }
        test.apply(compact(90));

        assertThat(rows('h')).isEqualTo(11);
        assertThat(test.get("a", 90).orElseThrow().value()).isEqualTo(bytes("v89"));
        assertThat(test.keyspace.awaitPhysicalCompaction(90)).isCompleted();
    }

    @Test
    void compactingBackwardsOrIntoTheFutureIsRefused() {
        test.apply(put("a", "1"));
        test.apply(put("a", "2"));
        test.apply(compact(1));

        assertThat(test.apply(compact(1)).getFailure().getCode()).isEqualTo(ErrorCode.COMPACTED.name());
        assertThat(test.apply(compact(3)).getFailure().getCode()).isEqualTo(ErrorCode.FUTURE_REVISION.name());
    }

    @Test
    void historyTellsEventsInOrderWithWhatWasBefore() {
        test.apply(put("a", "1"));
        test.apply(txn(Txn.newBuilder().addThen(putOp("z", "1")).addThen(putOp("a", "2"))));
        test.apply(delete(prefix("")));

        List<RevisionEvents> history = historyFrom(1);
        assertThat(history).isEqualTo(test.events);
        assertThat(history.get(1).events())
                .extracting(event -> ScopedKey.key(event.scopedKey()).toStringUtf8())
                .containsExactly("z", "a");
    }

    @Test
    void theRevisionAtATimeIsTheLastOneNotYounger() {
        for (int i = 1; i <= 10; i++) {
            test.wallTimeMs = i * 1_000L;
            test.apply(put("a", "v" + i));
        }
        assertThat(test.keyspace.history().revisionAt(4_500)).isEqualTo(4);
        assertThat(test.keyspace.history().revisionAt(4_000)).isEqualTo(4);
        assertThat(test.keyspace.history().revisionAt(500)).isZero();
        assertThat(test.keyspace.history().revisionAt(99_000)).isEqualTo(10);
    }

    @Test
    void aRepeatedOperationAnswersAsTheFirstAndChangesNothing() {
        CommandResult first = test.apply(as(5, 1, put("a", "1")));
        test.apply(put("a", "other"));

        assertThat(test.apply(as(5, 1, put("a", "1")))).isEqualTo(first);
        assertThat(test.value("a")).contains("other");
    }

    @Test
    void aRepeatedOperationWithinOneEntryIsAppliedOnce() {
        List<CommandResult> results = test.applyAll(as(5, 1, put("a", "1")), as(5, 1, put("a", "1")));

        assertThat(results.get(1)).isEqualTo(results.get(0));
        assertThat(test.keyspace.revision()).isEqualTo(1);
    }

    @Test
    void operationsMayArriveOutOfOrder() {
        test.apply(as(5, 2, put("a", "2")));
        test.apply(as(5, 1, put("a", "1")));

        assertThat(test.value("a")).contains("1");
        assertThat(test.apply(as(5, 2, put("a", "2"))).getRevision()).isEqualTo(1);
    }

    @Test
    void anAcknowledgedAnswerIsForgottenAndItsRepetitionRefused() {
        test.apply(as(5, 1, put("a", "1")));
        Command second = as(5, 2, put("a", "2"));
        test.apply(second.toBuilder()
                .setOperation(second.getOperation().toBuilder().setAcknowledgedBelow(2))
                .build());

        assertThat(rows('d')).isEqualTo(1);
        assertThat(test.apply(as(5, 1, put("a", "1"))).getFailure().getCode())
                .isEqualTo(ErrorCode.STALE_OPERATION.name());
        assertThat(test.value("a")).contains("2");
    }

    @Test
    void answersSurviveAReopen() {
        CommandResult first = test.apply(as(5, 1, put("a", "1")));

        TestKeyspace reopened = new TestKeyspace(store);

        assertThat(reopened.apply(as(5, 1, put("a", "1")))).isEqualTo(first);
        assertThat(reopened.keyspace.revision()).isEqualTo(1);
    }

    @Test
    void clientsAreForgottenByTheLeaseClockAndNotByTheWallClock() {
        test.apply(as(5, 1, put("a", "1")));
        test.wallTimeMs += 24 * 3_600_000L;
        test.apply(put("b", "1"));
        assertThat(rows('s')).isEqualTo(1);

        test.leaseTimeMs += 12 * 60_000L;
        test.apply(put("b", "2"));
        assertThat(rows('s')).isZero();
        assertThat(rows('d')).isZero();
    }

    @Test
    void revokingALeaseDeletesItsKeysAtOneRevision() {
        test.apply(grant(7, 60_000));
        test.apply(put("a", "1", 7));
        test.apply(put("b", "1", 7));
        test.apply(put("b", "2"));
        test.applyAll(put("c", "1", 7), revoke(7));

        assertThat(test.get("a")).isEmpty();
        assertThat(test.get("b")).isPresent();
        assertThat(test.get("c")).isEmpty();
        assertThat(test.events.get(test.events.size() - 1).events()).hasSize(2);
        assertThat(rows('a')).isZero();
        assertThat(rows('l')).isZero();
        assertThat(test.apply(revoke(7)).getFailure().getCode()).isEqualTo(ErrorCode.LEASE_NOT_FOUND.name());
    }

    @Test
    void aLeaseIsExpiredOnlyWhenItsTimeHasPassedAndItsEpochIsTheOneSeen() {
        test.apply(grant(7, 60_000));
        test.apply(put("a", "1", 7));
        LeaseState granted = test.keyspace.lease(7).orElseThrow();

        test.leaseTimeMs = granted.deadlineMs() - 1;
        assertThat(expire(granted).getLeases().getLeaseIdsList()).isEmpty();

        test.apply(renew(7));
        test.leaseTimeMs = granted.deadlineMs();
        assertThat(expire(granted).getLeases().getLeaseIdsList()).isEmpty();
        assertThat(test.get("a")).isPresent();

        LeaseState renewed = test.keyspace.lease(7).orElseThrow();
        assertThat(renewed.keptAlive()).isTrue();
        assertThat(expire(renewed).getLeases().getLeaseIdsList()).containsExactly(7L);
        assertThat(test.get("a")).isEmpty();
    }

    @Test
    void aCheckpointedDeadlineHoldsAgainstAnEarlierExpiry() {
        test.apply(grant(7, 60_000));
        test.apply(renew(7));
        LeaseState kept = test.keyspace.lease(7).orElseThrow();
        test.apply(Command.newBuilder()
                .setCheckpointLeases(CheckpointLeases.newBuilder().addLeases(deadline(kept, 500_000)))
                .build());

        LeaseState checkpointed = test.keyspace.lease(7).orElseThrow();
        assertThat(checkpointed.keptAlive()).isFalse();
        assertThat(checkpointed.deadlineMs()).isEqualTo(500_000);
        test.leaseTimeMs = 499_999;
        assertThat(test.apply(expireAt(checkpointed, 400_000)).getLeases().getLeaseIdsList())
                .isEmpty();
    }

    private static Command renew(long id) {
        return Command.newBuilder()
                .setRenewLeases(RenewLeases.newBuilder().addLeaseIds(id))
                .build();
    }

    private CommandResult expire(LeaseState lease) {
        return test.apply(expireAt(lease, lease.deadlineMs()));
    }

    private static Command expireAt(LeaseState lease, long deadlineMs) {
        return Command.newBuilder()
                .setExpireLeases(ExpireLeases.newBuilder().addLeases(deadline(lease, deadlineMs)))
                .build();
    }

    private static LeaseDeadline deadline(LeaseState lease, long deadlineMs) {
        return LeaseDeadline.newBuilder()
                .setLeaseId(lease.id())
                .setEpoch(lease.epoch())
                .setDeadlineMs(deadlineMs)
                .build();
    }

    @Test
    void leasesAndTheirKeyCountsSurviveAReopen() {
        test.apply(grant(7, 60_000));
        test.apply(put("a", "1", 7));

        TestKeyspace reopened = new TestKeyspace(store);

        assertThat(reopened.keyspace.lease(7)).isEqualTo(test.keyspace.lease(7));
        assertThat(reopened.keyspace.lease(7).orElseThrow().attachedKeys()).isEqualTo(1);
        assertThat(reopened.keyspace.leaseKeys(7)).containsExactly(Commands.scoped("a"));
    }

    @Test
    void replayedEntriesAreSkipped() {
        LogBatch batch = test.batch(put("a", "1"));
        test.keyspace.apply(new LogPosition(1, 4), batch);

        assertThat(test.keyspace.apply(new LogPosition(1, 4), batch)).isEmpty();
        assertThat(test.keyspace.apply(new LogPosition(1, 3), batch)).isEmpty();
        assertThat(test.keyspace.revision()).isEqualTo(1);
    }

    @Test
    void namespacesDoNotSeeEachOther() {
        test.apply(put("a", "1"));
        test.apply(put("a", "2").toBuilder().setNamespace("payments").build());
        test.apply(delete(prefix("")).toBuilder().setNamespace("payments").build());

        assertThat(test.value("a")).contains("1");
        assertThat(test.keys(Commands.range(prefix("")))).containsExactly("a");
    }

    @Test
    void aLeaseOfAnotherNamespaceIsNotFound() {
        test.apply(grant(7, 60_000).toBuilder().setNamespace("payments").build());

        assertThat(test.apply(put("a", "1", 7)).getFailure().getCode()).isEqualTo(ErrorCode.LEASE_NOT_FOUND.name());
        assertThat(test.apply(revoke(7)).getFailure().getCode()).isEqualTo(ErrorCode.LEASE_NOT_FOUND.name());
    }

    @Test
    void theOneWriteOfAnEntryHoldsItsPositionToo() {
        long before = store.writes();
        test.applyAll(put("a", "1"), put("b", "1"), grant(7, 60_000), as(5, 1, put("c", "1")));

        assertThat(store.writes()).isEqualTo(before + 1);
        assertThat(new TestKeyspace(store).keyspace.applied()).isEqualTo(test.keyspace.applied());
    }

    @Test
    void aNewerDataFormatIsRefused() {
        dev.store.raft.storage.WriteImage image = new dev.store.raft.storage.WriteImage();
        image.put(Rows.META_FORMAT, new byte[] {9});
        store.write(image);

        assertThatThrownBy(() -> new TestKeyspace(store)).hasMessageContaining("newer version of Store");
    }
}
