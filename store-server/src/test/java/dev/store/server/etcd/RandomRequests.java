package dev.store.server.etcd;

import static dev.store.server.etcd.EtcdStubs.bytes;

import com.google.protobuf.ByteString;
import dev.store.server.etcd.v3.Compare;
import dev.store.server.etcd.v3.Compare.CompareResult;
import dev.store.server.etcd.v3.Compare.CompareTarget;
import dev.store.server.etcd.v3.DeleteRangeRequest;
import dev.store.server.etcd.v3.PutRequest;
import dev.store.server.etcd.v3.RangeRequest;
import dev.store.server.etcd.v3.RangeRequest.SortOrder;
import dev.store.server.etcd.v3.RangeRequest.SortTarget;
import dev.store.server.etcd.v3.RequestOp;
import dev.store.server.etcd.v3.TxnRequest;
import dev.store.server.etcd.v3.WatchCreateRequest;
import dev.store.server.etcd.v3.WatchCreateRequest.FilterType;
import java.util.List;
import java.util.Random;

/**
 * Requests at random over few keys, leases and values, so that they meet. Leaves out what is known to be different, as
 * docs/etcd.md lists it.
 */
final class RandomRequests {
    // No more than twelve: up to there Go's sort, which etcd uses, keeps equal ones in order.
    private static final List<String> KEYS =
            List.of("a", "aa", "ab", "b", "c/1", "c/2", "c/3", "d", "e", "\u00fe", "z");
    private static final List<String> VALUES = List.of("", "1", "2", "10", "value", "\u00fe");
    private static final List<Long> LEASES = List.of(11L, 12L, 13L);
    private static final ByteString ZERO = ByteString.copyFrom(new byte[] {0});

    private final Random random;
    private long revision;

    RandomRequests(Random random) {
        this.random = random;
    }

    /** The present revision, of which those before and after it are asked for. */
    void revision(long present) {
        revision = present;
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    ByteString key() {
        return chance(1) ? ByteString.EMPTY : bytes(pick(KEYS));
    }

    private ByteString rangeEnd(ByteString key) {
        return switch (random.nextInt(6)) {
            case 0, 1 -> ByteString.EMPTY;
            case 2 -> ZERO;
            case 3 ->
                key.isEmpty() ? bytes("b") : key.substring(0, key.size() - 1).concat(last(key));
            // May lie before the key.
            default -> bytes(pick(KEYS));
        };
    }

    private static ByteString last(ByteString key) {
        return ByteString.copyFrom(new byte[] {(byte) (key.byteAt(key.size() - 1) + 1)});
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    long lease() {
        return chance(10) ? 4711 : pick(LEASES);
    }

    /** Mostly one that can be read. */
    long someRevision() {
        return Math.max(1, revision - random.nextInt(30) + 3);
    }

    PutRequest.Builder put() {
        PutRequest.Builder put = PutRequest.newBuilder()
                .setKey(key())
                .setValue(bytes(pick(VALUES)))
                .setPrevKv(chance(40));
        if (chance(10)) {
            put.setIgnoreValue(true);
            if (chance(80)) {
                put.clearValue();
            }
        } else if (chance(10)) {
            put.setIgnoreLease(true);
            if (chance(10)) {
                put.setLease(pick(LEASES));
            }
        } else if (chance(25)) {
            put.setLease(lease());
        }
        return put;
    }

    RangeRequest.Builder range() {
        ByteString key = key();
        RangeRequest.Builder range = RangeRequest.newBuilder()
                .setKey(key)
                .setRangeEnd(rangeEnd(key))
                .setSerializable(chance(20))
                .setKeysOnly(chance(20))
                .setCountOnly(chance(10));
        if (chance(40)) {
            range.setLimit(random.nextInt(6));
        }
        if (chance(30)) {
            range.setRevision(someRevision());
        }
        if (chance(40)) {
            range.setSortOrder(SortOrder.forNumber(random.nextInt(3)));
            range.setSortTarget(SortTarget.forNumber(random.nextInt(5)));
        }
        if (chance(20)) {
            range.setMinModRevision(someRevision());
        }
        if (chance(20)) {
            range.setMaxModRevision(someRevision());
        }
        if (chance(10)) {
            range.setMinCreateRevision(someRevision());
        }
        if (chance(10)) {
            range.setMaxCreateRevision(someRevision());
        }
        return range;
    }

    DeleteRangeRequest.Builder delete() {
        ByteString key = key();
        return DeleteRangeRequest.newBuilder()
                .setKey(key)
                .setRangeEnd(chance(60) ? ByteString.EMPTY : rangeEnd(key))
                .setPrevKv(chance(50));
    }

    TxnRequest.Builder txn() {
        boolean reads = chance(20);
        return txn(1, reads);
    }

    private TxnRequest.Builder txn(int depth, boolean reads) {
        TxnRequest.Builder txn = TxnRequest.newBuilder();
        for (int i = random.nextInt(3); i > 0; i--) {
            txn.addCompare(compare());
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            txn.addSuccess(op(depth, reads, txn.getSuccessCount() == 0));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            txn.addFailure(op(depth, reads, txn.getFailureCount() == 0));
        }
        return txn;
    }

    /** @param first a nested transaction comes first: etcd judges its compares before it does anything */
    private RequestOp op(int depth, boolean reads, boolean first) {
        int choice = random.nextInt(20);
        if (choice == 0 && chance(20)) {
            return RequestOp.getDefaultInstance();
        }
        if (choice < 5 && depth < 4 && first) {
            return EtcdStubs.op(txn(depth + 1, reads));
        }
        if (reads || choice < 8) {
            return EtcdStubs.op(rangeInside(reads));
        }
        return choice < 16 ? EtcdStubs.op(putInside()) : EtcdStubs.op(deleteInside());
    }

    private DeleteRangeRequest.Builder deleteInside() {
        DeleteRangeRequest.Builder delete = delete();
        // etcd overlooks the keys of an open range when it looks for keys that are changed twice, and can then end
        // itself.
        return delete.getRangeEnd().equals(ZERO) ? delete.clearRangeEnd() : delete;
    }

    private PutRequest.Builder putInside() {
        PutRequest.Builder put = put();
        // Where both the key and the lease are missing, etcd tells the one and Store the other.
        return put.getIgnoreValue() || put.getIgnoreLease() ? put.clearLease() : put;
    }

    private RangeRequest.Builder rangeInside(boolean reads) {
        RangeRequest.Builder range = range().clearMinModRevision()
                .clearMaxModRevision()
                .clearMinCreateRevision()
                .clearMaxCreateRevision();
        if (!reads) {
            range.clearRevision();
        }
        if (range.getSortOrder() == SortOrder.NONE) {
            range.clearSortTarget();
        }
        return range;
    }

    private Compare.Builder compare() {
        ByteString key = key();
        Compare.Builder compare = Compare.newBuilder()
                .setKey(key)
                .setRangeEnd(chance(70) ? ByteString.EMPTY : rangeEnd(key))
                .setResult(CompareResult.forNumber(random.nextInt(4)))
                .setTarget(CompareTarget.forNumber(random.nextInt(5)));
        switch (compare.getTarget()) {
            case CREATE -> compare.setCreateRevision(number());
            case MOD -> compare.setModRevision(number());
            case LEASE -> compare.setLease(chance(30) ? 0 : lease());
            case VALUE -> compare.setValue(bytes(pick(VALUES)));
            default -> compare.setVersion(random.nextInt(4) - 1);
        }
        return compare;
    }

    private long number() {
        return chance(30) ? random.nextInt(2) - 1 : someRevision();
    }

    WatchCreateRequest.Builder watch() {
        ByteString key = bytes(pick(KEYS));
        WatchCreateRequest.Builder watch = WatchCreateRequest.newBuilder()
                .setKey(key)
                .setRangeEnd(rangeEnd(key))
                .setStartRevision(chance(20) ? 0 : Math.min(revision + 1, someRevision()))
                .setPrevKv(chance(50))
                .setFragment(chance(20))
                .setProgressNotify(chance(20))
                .setWatchId(random.nextInt(3));
        if (chance(40)) {
            watch.addFilters(FilterType.forNumber(random.nextInt(2)));
        }
        return watch;
    }

    int number(int bound) {
        return random.nextInt(bound);
    }

    ByteString value() {
        return bytes(pick(VALUES));
    }
}
