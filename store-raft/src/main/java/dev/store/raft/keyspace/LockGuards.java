package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.LockGuard;
import dev.store.raft.v1.LockWaiterRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who holds a lock, by its queue alone: an exclusive entry, when none stands before it; a shared one, when no exclusive
 * one does; an entry of a semaphore of N, when fewer than N do.
 */
public final class LockGuards {
    private LockGuards() {}

    /**
     * An entry of the queue of a lock.
     *
     * @param key key of its record, without the scope
     * @param keyRecord what is stored of it
     */
    public record LockEntry(ByteString key, KeyRecord keyRecord) {
        /** Its fencing token. */
        public long token() {
            return RecordKey.number(key);
        }

        /** What the entry says of itself. */
        public LockWaiterRecord waiter() {
            try {
                return LockWaiterRecord.parseFrom(keyRecord.value());
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException("record of a lock with token " + token() + ": not readable", e);
            }
        }
    }

    /** Checks the form of guards before anything is proposed. */
    static void check(List<LockGuard> guards) {
        if (guards.size() > Limits.LOCK_GUARDS) {
            throw new StoreException(
                    ErrorCode.TOO_LARGE,
                    "required_locks: " + guards.size() + " (expected: at most " + Limits.LOCK_GUARDS + ")");
        }
        for (LockGuard guard : guards) {
            lockName("required_locks.name", guard.getName());
            if (guard.getToken() <= 0) {
                throw Requests.invalid("required_locks.token: " + guard.getToken() + " (expected: greater than 0)");
            }
        }
    }

    /** Checks the name of a lock or owner: 1 to 128 characters of A-Z, a-z, 0-9 and {@code . _ - : @ /}. */
    public static String lockName(String field, String name) {
        boolean valid = !name.isEmpty() && name.length() <= Limits.LOCK_NAME_CHARACTERS;
        for (int i = 0; valid && i < name.length(); i++) {
            char c = name.charAt(i);
            valid = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || ("._-:@/".indexOf(c) >= 0);
        }
        if (!valid) {
            throw Requests.invalid(
                    field + ": " + Requests.printable(ByteString.copyFromUtf8(name)) + " (expected: 1 to "
                            + Limits.LOCK_NAME_CHARACTERS + " characters of A-Z, a-z, 0-9 and . _ - : @ /)");
        }
        return name;
    }

    /** Fails if one of the locks is not held. */
    static void demand(RecordSource records, String namespace, List<LockGuard> guards) {
        for (LockGuard guard : guards) {
            if (holding(records, namespace, guard.getName(), guard.getToken()) == null) {
                throw notHeld(
                        guard.getName(),
                        guard.getToken(),
                        Optional.ofNullable(firstHolder(records, namespace, guard.getName())));
            }
        }
    }

    /** The entry with a token, if it holds the lock in what a view shows. */
    public static Optional<LockEntry> holding(KeyspaceView view, String namespace, String name, long token) {
        return Optional.ofNullable(holding(source(view), namespace, name, token));
    }

    /** The one that has held the lock longest in what a view shows. */
    public static Optional<LockEntry> firstHolder(KeyspaceView view, String namespace, String name) {
        return Optional.ofNullable(firstHolder(source(view), namespace, name));
    }

    /** The error for a token that does not hold the lock, with who holds it. */
    public static StoreException notHeld(String name, long token, Optional<LockEntry> holder) {
        String held = holder.map(
                        entry -> "it is held by \"" + entry.waiter().getOwner() + "\" under token " + entry.token())
                .orElse("nobody holds it");
        return new StoreException(
                ErrorCode.LOCK_NOT_HELD,
                "token: " + token + " does not hold lock \"" + name + "\" (expected: the token of its holder; " + held
                        + ")",
                details(holder),
                null);
    }

    /** What errors tell programs of a holder. */
    public static Map<String, String> details(Optional<LockEntry> holder) {
        return holder.map(entry -> Map.of(
                        "holder_token",
                        Long.toString(entry.token()),
                        "holder_owner",
                        entry.waiter().getOwner(),
                        "holder_lease_id",
                        Long.toString(entry.keyRecord.leaseId())))
                .orElse(Map.of());
    }

    private static @Nullable LockEntry holding(RecordSource records, String namespace, String name, long token) {
        Scope scope = Scope.records(namespace);
        ByteString key = LockQueue.EXCLUSIVE.key(name, token);
        KeyRecord found = records.get(scope.key(key));
        if (found != null) {
            boolean first = isFirst(records, scope, LockQueue.EXCLUSIVE.prefix(name), token)
                    && isFirst(records, scope, LockQueue.SHARED.prefix(name), token);
            return first ? new LockEntry(key, found) : null;
        }
        key = LockQueue.SHARED.key(name, token);
        found = records.get(scope.key(key));
        if (found != null) {
            return isFirst(records, scope, LockQueue.EXCLUSIVE.prefix(name), token) ? new LockEntry(key, found) : null;
        }
        return permit(records, scope, name, token);
    }

    /** Whether no entry of a queue has a lower token. */
    private static boolean isFirst(RecordSource records, Scope scope, ByteString queue, long token) {
        LockEntry first = first(records, scope, queue);
        return first == null || first.token() >= token;
    }

    private static @Nullable LockEntry first(RecordSource records, Scope scope, ByteString prefix) {
        try (KeyspaceView.KeyCursor cursor = records.cursor(KeyRange.prefix(scope.key(prefix)), false)) {
            return cursor.next() ? new LockEntry(ScopedKey.key(cursor.scopedKey()), cursor.keyRecord()) : null;
        }
    }

    private static @Nullable LockEntry permit(RecordSource records, Scope scope, String name, long token) {
        KeyRange semaphore = KeyRange.prefix(scope.key(LockQueue.semaphorePrefix(name)));
        try (KeyspaceView.KeyCursor cursor = records.cursor(semaphore, false)) {
            int permits = 1;
            for (int rank = 0; rank < permits && cursor.next(); rank++) {
                ByteString key = ScopedKey.key(cursor.scopedKey());
                if (rank == 0) {
                    permits = LockQueue.of(RecordKey.parts(key, 2).get(1)).permits();
                }
                if (RecordKey.number(key) == token) {
                    return new LockEntry(key, cursor.keyRecord());
                }
            }
            return null;
        }
    }

    private static @Nullable LockEntry firstHolder(RecordSource records, String namespace, String name) {
        Scope scope = Scope.records(namespace);
        LockEntry exclusive = first(records, scope, LockQueue.EXCLUSIVE.prefix(name));
        LockEntry shared = first(records, scope, LockQueue.SHARED.prefix(name));
        if (exclusive != null && (shared == null || exclusive.token() < shared.token())) {
            return exclusive;
        }
        return shared != null ? shared : first(records, scope, LockQueue.semaphorePrefix(name));
    }

    private static RecordSource source(KeyspaceView view) {
        return new RecordSource() {
            @Override
            public @Nullable KeyRecord get(ByteString scopedKey) {
                return view.get(scopedKey, 0).orElse(null);
            }

            @Override
            public KeyspaceView.KeyCursor cursor(KeyRange range, boolean descending) {
                return view.scan(range, 0);
            }
        };
    }
}
