package dev.store.cli.local;

import dev.store.api.error.StoreException;
import dev.store.api.v1.StatusRequest;
import dev.store.api.v1.StatusResponse;
import dev.store.cli.call.Calls;
import dev.store.cli.call.Methods;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a node is.
 *
 * @param pid its process; 0 if it does not run
 * @param status what it says of itself; null if it does not answer
 */
public record NodeState(LocalNode node, long pid, @Nullable StatusResponse status) {
    private static final long ANSWER_MILLIS = 1_000;

    static NodeState of(LocalNode node) {
        long pid = Tracked.find(node).map(ProcessHandle::pid).orElse(0L);
        return new NodeState(node, pid, pid == 0 ? null : ask(node));
    }

    private static @Nullable StatusResponse ask(LocalNode node) {
        try (Calls calls = new Calls(List.of(node.endpoint()), ANSWER_MILLIS)) {
            return calls.unary(Methods.status(), StatusRequest.getDefaultInstance());
        } catch (StoreException e) {
            return null;
        }
    }

    /** Whether it answers and knows a leader. */
    public boolean led() {
        return status != null && !status.getLeader().isEmpty();
    }

    /** In a few words, while it starts. */
    String words() {
        if (pid == 0) {
            return node.name() + " has ended";
        }
        if (status == null) {
            return node.name() + " starts";
        }
        return node.name() + (led() ? " is ready" : " has no leader yet");
    }
}
