package dev.store.server.locks;

import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.LockRequest;
import dev.store.api.v1.OperationId;
import dev.store.raft.keyspace.LockGuards;
import dev.store.raft.keyspace.LockQueue;
import dev.store.raft.keyspace.Requests;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/** Checks requests against the limits; every error names the field, its value and what was expected. */
final class LockRequests {
    private static final SecureRandom RANDOM = new SecureRandom();

    private LockRequests() {}

    static LockId id(String namespace, String name) {
        return new LockId(Requests.namespace(namespace), LockGuards.lockName("name", name));
    }

    static String owner(String owner) {
        return LockGuards.lockName("owner", owner);
    }

    static long token(long token) {
        if (token <= 0) {
            throw invalid("token: " + token + " (expected: greater than 0)");
        }
        return token;
    }

    static long waitMs(long waitMs) {
        return between("wait_ms", waitMs, 0, Limits.LOCK_WAIT_MAX.toMillis());
    }

    static int limit(int limit) {
        int asked = (int) between("limit", limit, 0, 1_000);
        return asked == 0 ? 1_000 : asked;
    }

    static long between(String field, long value, long min, long max) {
        if (value < min || value > max) {
            throw invalid(field + ": " + value + " (expected: " + min + " to " + max + ")");
        }
        return value;
    }

    static void value(int bytes) {
        if (bytes > Limits.LOCK_VALUE_BYTES) {
            throw new StoreException(
                    ErrorCode.TOO_LARGE,
                    "value: " + bytes + " bytes (expected: at most " + Limits.LOCK_VALUE_BYTES + ")");
        }
    }

    static @Nullable OperationId operation(boolean present, OperationId operation) {
        if (!present) {
            return null;
        }
        Requests.operation(operation);
        return operation;
    }

    /** What a lock request asks for. */
    static LockAsk lock(LockRequest request) {
        LockId id = id(request.getNamespace(), request.getName());
        value(request.getValue().size());
        if ((request.getLeaseId() == 0) == (request.getTtlMs() == 0)) {
            throw invalid("lease_id: " + request.getLeaseId() + ", ttl_ms: " + request.getTtlMs()
                    + " (expected: exactly one of them set)");
        }
        OperationId operation = operation(request.hasOperation(), request.getOperation());
        long lease = request.getLeaseId();
        if (request.getTtlMs() != 0) {
            Requests.grant(request.getTtlMs(), 0);
            lease = operation == null ? randomId() : leaseOf(operation);
        }
        Requests.leaseId(lease);
        return new LockAsk(
                id,
                owner(request.getOwner()),
                queue(request),
                lease,
                request.getTtlMs(),
                waitMs(request.getWaitMs()),
                request.getValue(),
                operation,
                RANDOM.nextLong());
    }

    private static LockQueue queue(LockRequest request) {
        int permits = request.getPermits();
        switch (request.getMode()) {
            case LOCK_MODE_PERMIT -> {
                between("permits", permits, 1, Limits.SEMAPHORE_PERMITS);
                return LockQueue.semaphore(permits);
            }
            case LOCK_MODE_EXCLUSIVE, LOCK_MODE_SHARED -> {
                if (permits != 0) {
                    throw invalid("permits: " + permits + " (expected: 0 unless mode is LOCK_MODE_PERMIT)");
                }
                return request.getMode() == dev.store.api.v1.LockMode.LOCK_MODE_SHARED
                        ? LockQueue.SHARED
                        : LockQueue.EXCLUSIVE;
            }
            default -> throw invalid("mode: " + request.getModeValue() + " (expected: 0 to 2)");
        }
    }

    /** A lease id that is the same whenever the operation is sent again, so that its kept answer fits. */
    private static long leaseOf(OperationId operation) {
        // The finaliser of SplitMix64: different operations get different ids.
        long z = operation.getClientId() * 0x9E3779B97F4A7C15L + operation.getSequence();
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return positive(z ^ (z >>> 31));
    }

    private static long randomId() {
        return positive(RANDOM.nextLong());
    }

    static long randomCall() {
        return RANDOM.nextLong();
    }

    private static long positive(long bits) {
        return (bits >>> 2) + 1;
    }

    static StoreException invalid(String message) {
        return new StoreException(ErrorCode.INVALID_ARGUMENT, message);
    }
}
