package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.raft.lease.LeaseState;
import dev.store.raft.storage.OrderedReader;
import dev.store.raft.storage.RowCursor;
import dev.store.raft.storage.WriteImage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** All leases, in memory and as rows. Changed by the apply thread only; read by any. */
final class LeaseTable {
    private final ConcurrentSkipListMap<Long, LeaseState> leases = new ConcurrentSkipListMap<>();

    /** Reads the leases and counts their keys. */
    static LeaseTable load(OrderedReader reader) {
        LeaseTable table = new LeaseTable();
        try (RowCursor rows = reader.cursor(Rows.table('l'), Rows.table('m'))) {
            for (boolean valid = rows.first(); valid; valid = rows.next()) {
                LeaseState lease = decode(Rows.idOfLease(rows.key()), rows.value());
                table.leases.put(lease.id(), lease);
            }
        }
        try (RowCursor rows = reader.cursor(Rows.table('a'), Rows.table('b'))) {
            for (boolean valid = rows.first(); valid; valid = rows.next()) {
                table.count(Rows.number(rows.key()), 1);
            }
        }
        return table;
    }

    @Nullable
    LeaseState get(long leaseId) {
        return leases.get(leaseId);
    }

    /** A lease of a namespace; throws if there is none. */
    LeaseState require(long leaseId, String namespace) {
        LeaseState lease = leases.get(leaseId);
        if (lease == null || !lease.namespace().equals(namespace)) {
            throw notFound(leaseId);
        }
        return lease;
    }

    List<LeaseState> all() {
        return List.copyOf(leases.values());
    }

    int size() {
        return leases.size();
    }

    void put(LeaseState lease, WriteImage image) {
        leases.put(lease.id(), lease);
        image.put(Rows.lease(lease.id()), encode(lease));
    }

    void remove(long leaseId, WriteImage image) {
        leases.remove(leaseId);
        image.delete(Rows.lease(leaseId));
    }

    /** Notes that a lease has more or fewer keys. A lease that ends with its keys is not there any more. */
    void count(long leaseId, int change) {
        leases.computeIfPresent(
                leaseId,
                (id, lease) -> new LeaseState(
                        id,
                        lease.namespace(),
                        lease.ttlMs(),
                        lease.grantedAtMs(),
                        lease.deadlineMs(),
                        lease.epoch(),
                        lease.keptAlive(),
                        lease.attachedKeys() + change));
    }

    /** Scoped keys attached to a lease as the reader shows them. */
    static List<ByteString> keys(OrderedReader reader, long leaseId) {
        List<ByteString> keys = new ArrayList<>();
        try (RowCursor rows = reader.cursor(Rows.attachmentsStart(leaseId), Rows.attachmentsStart(leaseId + 1))) {
            for (boolean valid = rows.first(); valid; valid = rows.next()) {
                keys.add(Rows.keyOfAttachment(rows.key()));
            }
        }
        return keys;
    }

    static StoreException notFound(long leaseId) {
        return new StoreException(
                ErrorCode.LEASE_NOT_FOUND,
                "lease_id: " + leaseId + " (expected: a lease of the namespace that has not ended)");
    }

    private static byte[] encode(LeaseState lease) {
        return new RowWriter(64)
                .tag(lease.keptAlive() ? 1 : 0)
                .number(lease.ttlMs())
                .number(lease.grantedAtMs())
                .number(lease.deadlineMs())
                .number(lease.epoch())
                .text(lease.namespace())
                .done();
    }

    private static LeaseState decode(long id, byte[] row) {
        RowReader reader = new RowReader(row);
        boolean keptAlive = reader.tag() == 1;
        long ttlMs = reader.number();
        long grantedAtMs = reader.number();
        long deadlineMs = reader.number();
        long epoch = reader.number();
        return new LeaseState(id, reader.text(), ttlMs, grantedAtMs, deadlineMs, epoch, keptAlive, 0);
    }
}
