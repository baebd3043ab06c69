package dev.store.raft.keyspace;

import static dev.store.raft.keyspace.Commands.as;
import static dev.store.raft.keyspace.Commands.bytes;
import static dev.store.raft.keyspace.Commands.compare;
import static dev.store.raft.keyspace.Commands.delete;
import static dev.store.raft.keyspace.Commands.grant;
import static dev.store.raft.keyspace.Commands.key;
import static dev.store.raft.keyspace.Commands.prefix;
import static dev.store.raft.keyspace.Commands.put;
import static dev.store.raft.keyspace.Commands.putOp;
import static dev.store.raft.keyspace.Commands.revoke;
import static dev.store.raft.keyspace.Commands.txn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.store.api.error.ErrorCode;
import dev.store.api.v1.Put;
import dev.store.api.v1.Txn;
import dev.store.api.v1.TxnOp;
import dev.store.raft.storage.MemoryStore;
import dev.store.raft.v1.Area;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.GrantLease;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Commands over the record area, and leases that are granted together with a transaction. */
class RecordsTest {
    private final TestKeyspace test = new TestKeyspace(new MemoryStore());

    @Test
    void recordsAndUserKeysOfOneNameDoNotMeet() {
        test.apply(put("a", "user"));
        test.apply(inRecords(put("a", "record")));

        assertThat(test.value("a")).contains("user");
        assertThat(record("a")).isEqualTo("record");
        assertThat(test.keys(Commands.range(prefix("")))).containsExactly("a");

        test.apply(inRecords(delete(prefix(""))));
        assertThat(record("a")).isNull();
        assertThat(test.value("a")).contains("user");
    }

    @Test
    void leaseIsGrantedTogetherWithATransactionWhoseComparesHold() {
        CommandResult result = test.apply(granting(7, txn(onlyIfMissing("a"))));

        assertThat(result.getTxn().getSucceeded()).isTrue();
        assertThat(test.keyspace.lease(7)).isPresent();
        assertThat(test.keyspace.leaseKeys(7)).hasSize(1);
    }

    @Test
    void leaseIsNotGrantedIfTheComparesDoNotHold() {
        test.apply(put("a", "1"));

        CommandResult result = test.apply(granting(7, txn(onlyIfMissing("a"))));

        assertThat(result.getTxn().getSucceeded()).isFalse();
        assertThat(test.keyspace.lease(7)).isEmpty();
    }

    @Test
    void leaseIsNotGrantedIfTheTransactionFails() {
        Txn.Builder failing = Txn.newBuilder().addThen(putOnLease("a", 7)).addThen(putOnLease("b", 8));

        CommandResult result = test.apply(granting(7, txn(failing)));

        assertThat(result.getFailure().getCode()).isEqualTo(ErrorCode.LEASE_NOT_FOUND.name());
        assertThat(test.keyspace.lease(7)).isEmpty();
        assertThat(test.get("a")).isEmpty();
    }

    @Test
    void grantOfALeaseThatExistsFailsTheTransactionAndKeepsTheLease() {
        test.apply(grant(7, 60_000));

        CommandResult result = test.apply(granting(7, txn(onlyIfMissing("a"))));

        assertThat(result.getFailure().getCode()).isEqualTo(ErrorCode.LEASE_EXISTS.name());
        assertThat(test.keyspace.lease(7)).isPresent();
        assertThat(test.get("a")).isEmpty();
    }

    @Test
    void leaseEndedAndGrantedInVainByOneEntryIsGone() {
        test.apply(grant(7, 60_000));
        test.apply(put("a", "1"));

        test.applyAll(revoke(7), granting(7, txn(onlyIfMissing("a"))));

        assertThat(test.keyspace.lease(7)).isEmpty();
        assertThat(test.apply(grant(7, 60_000)).hasGrantLease()).isTrue();
    }

    @Test
    void revokedLeaseTakesItsRecordsAlong() {
        test.apply(grant(7, 60_000));
        test.apply(inRecords(put("r", "1", 7)));
        test.apply(put("u", "1", 7));

        assertThat(test.apply(revoke(7)).getRevokeLease().getDeleted()).isEqualTo(2);
        assertThat(record("r")).isNull();
        assertThat(test.get("u")).isEmpty();
    }

    @Test
    void operationThatChangedNothingMayBeTriedAgainWithAnotherTransaction() {
        test.apply(put("a", "1"));
        Command inVain = as(5, 1, forgetful(txn(onlyIfMissing("a"))));
        Command other = as(5, 1, forgetful(txn(onlyIfMissing("b"))));

        assertThat(test.apply(inVain).getTxn().getSucceeded()).isFalse();
        CommandResult done = test.apply(other);

        assertThat(done.getTxn().getSucceeded()).isTrue();
        assertThat(test.apply(other)).isEqualTo(done);
        // Also the first transaction under this id now gets the answer of the one that took effect.
        assertThat(test.apply(inVain)).isEqualTo(done);
    }

    @Test
    void operationThatChangedNothingIsRememberedWhereNothingElseIsSaid() {
        test.apply(put("a", "1"));
        Command inVain = as(5, 1, txn(onlyIfMissing("a")));
        CommandResult first = test.apply(inVain);
        test.apply(delete(key("a")));

        assertThat(test.apply(inVain)).isEqualTo(first);
        assertThat(test.get("a")).isEmpty();
    }

    @Test
    void leaseEndsTogetherWithATransactionThatTakesEffect() {
        test.apply(grant(7, 60_000));
        test.apply(put("other", "1", 7));

        CommandResult result = test.apply(revoking(7, txn(onlyIfMissing("b"))));

        assertThat(result.getTxn().getSucceeded()).isTrue();
        assertThat(test.value("b")).contains("1");
        assertThat(test.keyspace.lease(7)).isEmpty();
        assertThat(test.get("other")).isEmpty();
    }

    @Test
    void leaseDoesNotEndIfTheComparesDoNotHoldOrTheTransactionFails() {
        test.apply(grant(7, 60_000));
        test.apply(put("b", "1"));
        Txn.Builder failing = Txn.newBuilder().addThen(putOnLease("c", 8));

        assertThat(test.apply(revoking(7, txn(onlyIfMissing("b")))).getTxn().getSucceeded())
                .isFalse();
        assertThat(test.apply(revoking(7, txn(failing))).hasFailure()).isTrue();

        assertThat(test.keyspace.lease(7)).isPresent();
    }

    @Test
    void leaseOfNobodyOrOfAnotherNamespaceIsPassedOver() {
        test.apply(grant(7, 60_000));
        Command elsewhere = revoking(7, txn(onlyIfMissing("b"))).toBuilder()
                .setNamespace("other")
                .build();

        assertThat(test.apply(elsewhere).getTxn().getSucceeded()).isTrue();
        assertThat(test.apply(revoking(9, txn(onlyIfMissing("b")))).getTxn().getSucceeded())
                .isTrue();

        assertThat(test.keyspace.lease(7)).isPresent();
    }

    @Test
    void keysOfRecordsHoldTheirPartsInOrder() {
        ByteString key = RecordKey.of(RecordKind.INSTANCE, "payments", "host-1", "7");

        assertThat(RecordKey.parts(key, 3)).containsExactly("payments", "host-1", "7");
        assertThat(key.startsWith(RecordKey.of(RecordKind.INSTANCE, "payments")))
                .isTrue();
        assertThat(key.startsWith(RecordKey.of(RecordKind.INSTANCE, "pay"))).isFalse();
        assertThat(RecordKind.of(key.byteAt(0))).contains(RecordKind.INSTANCE);
        assertThat(RecordKey.number(RecordKey.numbered(key, 42))).isEqualTo(42);
    }

    @Test
    void partOfARecordKeyWithAZeroByteIsRefused() {
        assertThatThrownBy(() -> RecordKey.of(RecordKind.INSTANCE, "a\0b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("zero byte");
    }

    private @Nullable String record(String key) {
        try (KeyspaceView view = test.keyspace.view()) {
            return view.get(Scope.records("").key(bytes(key)), 0)
                    .map(found -> found.value().toStringUtf8())
                    .orElse(null);
        }
    }

    private static Txn.Builder onlyIfMissing(String key) {
        return Txn.newBuilder()
                .addCompares(compare(key(key)).setExists(false))
                .addThen(key.equals("a") ? putOnLease(key, 7) : putOp(key, "1"));
    }

    private static TxnOp putOnLease(String key, long lease) {
        return TxnOp.newBuilder()
                .setPut(Put.newBuilder().setKey(bytes(key)).setLeaseId(lease))
                .build();
    }

    private static Command granting(long lease, Command command) {
        return command.toBuilder()
                .addGrants(GrantLease.newBuilder().setLeaseId(lease).setTtlMs(60_000))
                .build();
    }

    private static Command revoking(long lease, Command command) {
        return command.toBuilder().addRevokes(lease).build();
    }

    private static Command inRecords(Command command) {
        return command.toBuilder().setArea(Area.AREA_RECORDS).build();
    }

    private static Command forgetful(Command command) {
        return command.toBuilder().setForgetWithoutEffect(true).build();
    }
}
