package dev.store.raft.keyspace;

import static dev.store.raft.keyspace.Commands.bytes;
import static dev.store.raft.keyspace.Commands.compare;
import static dev.store.raft.keyspace.Commands.grant;
import static dev.store.raft.keyspace.Commands.key;
import static dev.store.raft.keyspace.Commands.prefix;
import static dev.store.raft.keyspace.Commands.revoke;
import static dev.store.raft.keyspace.Commands.txn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.Delete;
import dev.store.api.v1.LockGuard;
import dev.store.api.v1.Put;
import dev.store.api.v1.Txn;
import dev.store.api.v1.TxnOp;
import dev.store.raft.storage.MemoryStore;
import dev.store.raft.v1.Area;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.LockWaiterRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** Who holds a lock by its queue, and commands that demand it. */
class LockGuardsTest {
    private final TestKeyspace test = new TestKeyspace(new MemoryStore());

    @Test
    void exclusiveLockIsHeldByTheFirstAlone() {
        long first = enter(LockQueue.EXCLUSIVE, "a");
        long second = enter(LockQueue.EXCLUSIVE, "b");

        assertThat(holders(first, second)).containsExactly(first);
        leave(LockQueue.EXCLUSIVE, first);
        assertThat(holders(first, second)).containsExactly(second);
    }

    @Test
    void sharedLockIsHeldByAllBeforeTheFirstExclusiveOne() {
        long one = enter(LockQueue.SHARED, "a");
        long two = enter(LockQueue.SHARED, "b");
        long alone = enter(LockQueue.EXCLUSIVE, "c");
        long late = enter(LockQueue.SHARED, "d");

        assertThat(holders(one, two, alone, late)).containsExactly(one, two);
        leave(LockQueue.SHARED, one);
        assertThat(holders(one, two, alone, late)).containsExactly(two);
        leave(LockQueue.SHARED, two);
        assertThat(holders(one, two, alone, late)).containsExactly(alone);
        leave(LockQueue.EXCLUSIVE, alone);
        assertThat(holders(one, two, alone, late)).containsExactly(late);
    }

    @Test
    void semaphoreIsHeldByAsManyAsItHasPermits() {
        LockQueue two = LockQueue.semaphore(2);
        long a = enter(two, "a");
        long b = enter(two, "b");
        long c = enter(two, "c");

        assertThat(holders(a, b, c)).containsExactly(a, b);
        leave(two, a);
        assertThat(holders(a, b, c)).containsExactly(b, c);
    }

    @Test
    void putDeleteAndTransactionTakeEffectOnlyWhileTheLockIsHeld() {
        long token = enter(LockQueue.EXCLUSIVE, "a");
        test.apply(Commands.put("k", "0"));

        assertThat(test.apply(guardedPut("k", "1", token)).hasPut()).isTrue();
        assertThat(test.apply(guardedTxn("k", "2", token)).getTxn().getSucceeded())
                .isTrue();
        leave(LockQueue.EXCLUSIVE, token);
        long before = test.keyspace.revision();

        for (Command command :
                List.of(guardedPut("k", "3", token), guardedTxn("k", "3", token), guardedDelete("k", token))) {
            CommandResult result = test.apply(command);
            assertThat(result.getFailure().getCode()).isEqualTo(ErrorCode.LOCK_NOT_HELD.name());
            assertThat(result.getFailure().getMessage()).contains("token: " + token, "nobody holds it");
        }
        assertThat(test.keyspace.revision()).isEqualTo(before);
        assertThat(test.value("k")).contains("2");
    }

    @Test
    void refusalNamesWhoHoldsTheLockNow() {
        long token = enter(LockQueue.EXCLUSIVE, "a");
        long next = enter(LockQueue.EXCLUSIVE, "b");

        CommandResult result = test.apply(guardedPut("k", "1", next));

        assertThat(result.getFailure().getDetailsMap())
                .containsEntry("holder_token", Long.toString(token))
                .containsEntry("holder_owner", "a");
    }

    @Test
    void endOfTheLeaseEndsTheHold() {
        test.apply(grant(7, 60_000));
        long token = enter(LockQueue.EXCLUSIVE, "a", 7);
        test.apply(revoke(7));

        assertThat(test.apply(guardedPut("k", "1", token)).getFailure().getCode())
                .isEqualTo(ErrorCode.LOCK_NOT_HELD.name());
    }

    @Test
    void guardOfANestedTransactionCountsWhereItIsReached() {
        long token = enter(LockQueue.EXCLUSIVE, "a");
        Txn.Builder nested = Txn.newBuilder().addRequiredLocks(guard(token + 1)).addThen(Commands.putOp("nested", "1"));
        Txn.Builder reached = Txn.newBuilder()
                .addThen(Commands.putOp("k", "1"))
                .addThen(TxnOp.newBuilder().setTxn(nested));
        Txn.Builder passedBy = Txn.newBuilder()
                .addCompares(compare(key("missing")).setExists(true))
                .addThen(TxnOp.newBuilder().setTxn(nested))
                .addOtherwise(Commands.putOp("k", "2"));

        assertThat(test.apply(txn(reached)).getFailure().getCode()).isEqualTo(ErrorCode.LOCK_NOT_HELD.name());
        assertThat(test.value("k")).isEmpty();
        assertThat(test.apply(txn(passedBy)).hasTxn()).isTrue();
        assertThat(test.value("k")).contains("2");
    }

    @Test
    void transactionThatReadsMayDemandALockToo() {
        long token = enter(LockQueue.EXCLUSIVE, "a");
        Txn.Builder read = Txn.newBuilder().addThen(Commands.rangeOp(prefix("")));
        try (KeyspaceView view = test.keyspace.view()) {
            assertThatCode(() -> view.readOnlyTxn(
                            "", read.addRequiredLocks(guard(token)).build()))
                    .doesNotThrowAnyException();
            assertThatThrownBy(() -> view.readOnlyTxn(
                            "", read.addRequiredLocks(guard(token + 1)).build()))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LOCK_NOT_HELD));
        }
    }

    @Test
    void refusalIsTheSameBytesInEveryProcess() {
        long token = enter(LockQueue.EXCLUSIVE, "a");

        CommandResult result = test.apply(guardedPut("k", "1", token + 1));

        // Kept as an answer, so it must not depend on the order in which a process iterates a Map.of.
        assertThat(java.util.List.copyOf(result.getFailure().getDetailsMap().keySet()))
                .containsExactly("holder_lease_id", "holder_owner", "holder_token");
    }

    @Test
    void lockOfAnotherNamespaceDoesNotCount() {
        long token = enter(LockQueue.EXCLUSIVE, "a");

        CommandResult result = test.apply(
                guardedPut("k", "1", token).toBuilder().setNamespace("other").build());

        assertThat(result.getFailure().getCode()).isEqualTo(ErrorCode.LOCK_NOT_HELD.name());
    }

    @Test
    void guardsHaveLimitsAndNames() {
        assertThatThrownBy(() -> LockGuards.check(java.util.Collections.nCopies(Limits.LOCK_GUARDS + 1, guard(1))))
                .hasMessageContaining("required_locks: 17 (expected: at most 16)");
        assertThatThrownBy(() -> LockGuards.check(List.of(guard(0)))).hasMessageContaining("required_locks.token: 0");
        assertThatThrownBy(() -> LockGuards.check(List.of(
                        LockGuard.newBuilder().setName("a b").setToken(1).build())))
                .hasMessageContaining("required_locks.name: \"a b\"");
        assertThatThrownBy(() -> Requests.put(Put.newBuilder()
                        .setKey(bytes("k"))
                        .addRequiredLocks(guard(-1))
                        .build()))
                .hasMessageContaining("required_locks.token: -1");
        assertThatThrownBy(() -> TxnRequests.check(Txn.newBuilder()
                        .addThen(Commands.putOp("k", "1"))
                        .addRequiredLocks(guard(-1))
                        .build()))
                .hasMessageContaining("required_locks.token: -1");
    }

    /** The rule by seeks against the rule said plainly: go through the entries in order and hand out. */
    @Property(tries = 200, shrinking = ShrinkingMode.OFF)
    void holdersAreThoseWhomTheQueueServes(@ForAll long seed) {
        Random random = new Random(seed);
        TestKeyspace keyspace = new TestKeyspace(new MemoryStore());
        boolean semaphore = random.nextBoolean();
        LockQueue permits = LockQueue.semaphore(1 + random.nextInt(4));
        List<Place> places = new ArrayList<>();
        for (int step = 0; step < 40; step++) {
            if (places.isEmpty() || random.nextInt(5) > 1) {
                LockQueue queue = semaphore ? permits : random.nextBoolean() ? LockQueue.EXCLUSIVE : LockQueue.SHARED;
                places.add(new Place(queue, enter(keyspace, queue, "o", 0)));
            } else {
                Place place = places.remove(random.nextInt(places.size()));
                leave(keyspace, place.queue, place.token);
            }
            assertThat(holders(keyspace, places.stream().map(Place::token).toList()))
                    .isEqualTo(served(places));
        }
    }

    private record Place(LockQueue queue, long token) {}

    private static List<Long> served(List<Place> places) {
        List<Place> served = new ArrayList<>();
        for (Place place : places) {
            boolean room =
                    switch (place.queue.kind()) {
                        case SEMAPHORE -> served.size() < place.queue.permits();
                        case EXCLUSIVE -> served.isEmpty();
                        case SHARED -> served.stream().allMatch(before -> before.queue.equals(LockQueue.SHARED));
                    };
            if (!room) {
                break;
            }
            served.add(place);
        }
        return served.stream().map(Place::token).toList();
    }

    private long enter(LockQueue queue, String owner) {
        return enter(queue, owner, 0);
    }

    private long enter(LockQueue queue, String owner, long lease) {
        return enter(test, queue, owner, lease);
    }

    private static long enter(TestKeyspace test, LockQueue queue, String owner, long lease) {
        Put.Builder put = Put.newBuilder()
                .setKey(queue.prefix("lock"))
                .setAppendRevision(true)
                .setLeaseId(lease)
                .setValue(LockWaiterRecord.newBuilder().setOwner(owner).build().toByteString());
        return RecordKey.number(
                test.apply(inRecords(Commands.command(put))).getPut().getKey());
    }

    private void leave(LockQueue queue, long token) {
        leave(test, queue, token);
    }

    private static void leave(TestKeyspace test, LockQueue queue, long token) {
        Delete.Builder delete = Delete.newBuilder()
                .setKeys(dev.store.api.v1.KeySelector.newBuilder().setKey(queue.key("lock", token)));
        test.apply(inRecords(Command.newBuilder().setDelete(delete).build()));
    }

    private List<Long> holders(Long... tokens) {
        return holders(test, List.of(tokens));
    }

    private static List<Long> holders(TestKeyspace test, List<Long> tokens) {
        try (KeyspaceView view = test.keyspace.view()) {
            return tokens.stream()
                    .filter(token ->
                            LockGuards.holding(view, "default", "lock", token).isPresent())
                    .toList();
        }
    }

    private static LockGuard guard(long token) {
        return LockGuard.newBuilder().setName("lock").setToken(token).build();
    }

    private static Command guardedPut(String key, String value, long token) {
        return Commands.command(
                Put.newBuilder().setKey(bytes(key)).setValue(bytes(value)).addRequiredLocks(guard(token)));
    }

    private static Command guardedTxn(String key, String value, long token) {
        return txn(Txn.newBuilder().addThen(Commands.putOp(key, value)).addRequiredLocks(guard(token)));
    }

    private static Command guardedDelete(String key, long token) {
        return Command.newBuilder()
                .setDelete(Delete.newBuilder().setKeys(key(key)).addRequiredLocks(guard(token)))
                .build();
    }

    private static Command inRecords(Command command) {
        return command.toBuilder().setArea(Area.AREA_RECORDS).build();
    }
}
