package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.OperationId;
import dev.store.raft.storage.OrderedReader;
import dev.store.raft.storage.RowCursor;
import dev.store.raft.storage.WriteImage;
import dev.store.raft.v1.CommandResult;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The memory that makes repeated operations answer as the first one did (RIFL, SOSP 2015; Raft dissertation, 6.3).
 *
 * <p>For each client: the answers of its recent operations, as rows, and a session that says which sequence numbers can
 * have answers at all. Sessions that were not used for {@link Limits#OPERATION_MEMORY} by the replicated clock are
 * forgotten with their answers. Only the apply thread comes here, so all replicas forget at the same entry.
 */
final class SessionTable {
    /** Most clients remembered at once; more are refused, because forgetting early would break the promise. */
    static final int MAX_SESSIONS = 200_000;

    /** Sessions forgotten in one batch at the most, so that no batch takes long. */
    private static final int MAX_EXPIRED_PER_BATCH = 256;

    private static final long MEMORY_MINUTES = Limits.OPERATION_MEMORY.toMinutes();
    private static final byte KEPT = 0;
    private static final byte TOO_LARGE_TO_KEEP = 1;

    private final TreeMap<Long, Session> sessions = new TreeMap<>();
    private final TreeSet<Session> byUse =
            new TreeSet<>(Comparator.comparingLong(Session::usedMinute).thenComparingLong(Session::clientId));
    private final TreeMap<ByteString, byte[]> answersOfBatch =
            new TreeMap<>(ByteString.unsignedLexicographicalComparator());
    private final TreeSet<Long> changedOfBatch = new TreeSet<>();

    /**
     * What is known of a client.
     *
     * @param floor operations below this number are answered and forgotten
     * @param highest greatest sequence number seen
     * @param usedMinute minute, by the replicated clock, of the last operation
     */
    private record Session(long clientId, long floor, long highest, long usedMinute) {}

    static SessionTable load(OrderedReader reader) {
        SessionTable table = new SessionTable();
        try (RowCursor rows = reader.cursor(Rows.table('s'), Rows.table('t'))) {
            for (boolean valid = rows.first(); valid; valid = rows.next()) {
                RowReader row = new RowReader(rows.value());
                table.store(new Session(Rows.number(rows.key()), row.number(), row.number(), row.number()));
            }
        }
        return table;
    }

    int size() {
        return sessions.size();
    }

    /**
     * The answer that the operation got before, or null if it is new.
     *
     * @throws StoreException {@code STALE_OPERATION} if its answer is forgotten, {@code ALREADY_APPLIED} if the answer was
     *     too large, {@code OVERLOADED} if too many clients are remembered
     */
    @Nullable
    CommandResult answer(OperationId operation, OrderedReader reader) {
        Session session = sessions.get(operation.getClientId());
        if (session == null) {
            if (sessions.size() >= MAX_SESSIONS) {
                throw new StoreException(
                        ErrorCode.OVERLOADED,
                        "operation.client_id: more than " + MAX_SESSIONS + " clients within "
                                + Limits.OPERATION_MEMORY.toMinutes()
                                + " minutes (expected: clients that are kept and used"
                                + " for many operations)");
            }
            return null;
        }
        long sequence = operation.getSequence();
        if (sequence < session.floor) {
            throw new StoreException(
                    ErrorCode.STALE_OPERATION,
                    "operation.sequence: " + sequence + " (expected: at least " + session.floor
                            + ", older answers are forgotten)");
        }
        if (sequence > session.highest) {
            return null;
        }
        byte[] row = Rows.answer(operation.getClientId(), sequence);
        byte[] answer = answersOfBatch.get(ByteString.copyFrom(row));
        if (answer == null) {
            answer = reader.get(row);
        }
        return answer == null ? null : decode(answer);
    }

    /** Keeps the answer of a new operation and forgets those that the client has acknowledged. */
    void keep(OperationId operation, CommandResult answer, long clockMs, WriteImage image) {
        long client = operation.getClientId();
        Session before = sessions.getOrDefault(client, new Session(client, 1, 0, 0));
        long highest = Math.max(before.highest, operation.getSequence());
        long floor = Math.max(
                before.floor, Math.max(operation.getAcknowledgedBelow(), highest - Limits.OPERATIONS_PER_CLIENT + 1));
        for (long gone = before.floor; gone < Math.min(floor, before.highest + 1); gone++) {
            forget(client, gone, image);
        }
        if (operation.getSequence() >= floor) {
            byte[] row = Rows.answer(client, operation.getSequence());
            byte[] encoded = encode(answer);
            answersOfBatch.put(ByteString.copyFrom(row), encoded);
            image.put(row, encoded);
        }
        store(new Session(client, floor, highest, clockMs / 60_000));
        changedOfBatch.add(client);
    }

    /** Ends a batch: writes the sessions that changed and forgets those that are too old. */
    void endBatch(long clockMs, WriteImage image) {
        for (long client : changedOfBatch) {
            Session session = java.util.Objects.requireNonNull(sessions.get(client));
            image.put(
                    Rows.session(client),
                    new RowWriter(24)
                            .number(session.floor)
                            .number(session.highest)
                            .number(session.usedMinute)
                            .done());
        }
        changedOfBatch.clear();
        answersOfBatch.clear();
        long oldest = clockMs / 60_000 - MEMORY_MINUTES - 1;
        for (int i = 0; i < MAX_EXPIRED_PER_BATCH && !byUse.isEmpty() && byUse.first().usedMinute < oldest; i++) {
            Session session = byUse.first();
            byUse.remove(session);
            sessions.remove(session.clientId);
            image.delete(Rows.session(session.clientId));
            for (long sequence = session.floor; sequence <= session.highest; sequence++) {
                image.delete(Rows.answer(session.clientId, sequence));
            }
        }
    }

    private void forget(long client, long sequence, WriteImage image) {
        byte[] row = Rows.answer(client, sequence);
        answersOfBatch.remove(ByteString.copyFrom(row));
        image.delete(row);
    }

    private void store(Session session) {
        Session before = sessions.put(session.clientId, session);
        if (before != null) {
            byUse.remove(before);
        }
        byUse.add(session);
    }

    private static byte[] encode(CommandResult answer) {
        if (answer.getSerializedSize() > Limits.KEPT_ANSWER_BYTES) {
            return new RowWriter(12)
                    .tag(TOO_LARGE_TO_KEEP)
                    .number(answer.getRevision())
                    .done();
        }
        return new RowWriter(answer.getSerializedSize() + 8)
                .tag(KEPT)
                .bytes(answer.toByteString())
                .done();
    }

    private static CommandResult decode(byte[] row) {
        RowReader reader = new RowReader(row);
        if (reader.tag() == TOO_LARGE_TO_KEEP) {
            long revision = reader.number();
            throw new StoreException(
                    ErrorCode.ALREADY_APPLIED,
                    "operation: applied before at revision " + revision + ", its answer was larger than "
                            + Limits.KEPT_ANSWER_BYTES + " bytes and is not kept",
                    Map.of("revision", Long.toString(revision)),
                    null);
        }
        try {
            return CommandResult.parseFrom(reader.bytes());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("kept answer: " + e.getMessage(), e);
        }
    }
}
