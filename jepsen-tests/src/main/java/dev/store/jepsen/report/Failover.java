package dev.store.jepsen.report;

import dev.store.jepsen.history.Call;
import dev.store.jepsen.history.OpType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How long no write got through after a fault that took the leader, or everybody: from just before the first signal or cut
 * until the first acknowledgement of a write that was sent when all of the harm was done. One that was sent before may
 * have been acknowledged by who was hit, and shows nothing.
 *
 * @param fault which
 * @param seconds how long, or null if no write was acknowledged any more
 */
public record Failover(String fault, @Nullable Double seconds) {
    /** The faults that are followed by a new leader. */
    static final List<String> FAULTS =
            List.of("kill-leader", "pause-leader", "cut-leader", "kill-all", "power-loss-all");

    /**
     * Calls of which each one is a single command in the log. Who waits for a lock waits for its holder, and a keepalive
     * writes nothing.
     */
    private static final Set<String> WRITES = Set.of(
            "write",
            "cas",
            "delete",
            "once",
            "add",
            "transfer",
            "publish",
            "roll-back",
            "own",
            "mark",
            "guarded",
            "lease-grant");

    private static final double NANOS = 1e9;

    /** The failovers of a run, in order; none if its clients write nothing that can be measured. */
    static List<Failover> of(List<Call> calls) {
        List<Call> writes = calls.stream()
                .filter(call -> call.outcome() == OpType.OK && isWrite(call))
                .toList();
        List<Failover> found = new ArrayList<>();
        for (Call call : calls) {
            String fault = call.f().replaceFirst("^nemesis-", "");
            long struck = call.number("struck");
            long harmed = call.number("harmed");
            if (!writes.isEmpty() && harmed >= 0 && FAULTS.contains(fault)) {
                found.add(new Failover(fault, seconds(writes, struck, harmed)));
            }
        }
        return found;
    }

    private static @Nullable Double seconds(List<Call> writes, long struck, long harmed) {
        long first = Long.MAX_VALUE;
        for (Call write : writes) {
            if (write.begin().time() >= harmed && write.end() != null) {
                first = Math.min(first, write.end().time());
            }
        }
        return first == Long.MAX_VALUE ? null : (first - struck) / NANOS;
    }

    private static boolean isWrite(Call call) {
        return WRITES.contains(call.f()) || (call.f().equals("txn") && appends(call.argument()));
    }

    /** Whether a transaction on lists has an append among its operations. */
    private static boolean appends(@Nullable Object argument) {
        return argument instanceof List<?> operations
                && operations.stream()
                        .anyMatch(operation -> operation instanceof List<?> parts
                                && !parts.isEmpty()
                                && "append".equals(String.valueOf(parts.get(0))));
    }
}
