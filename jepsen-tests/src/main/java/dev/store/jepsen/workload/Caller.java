package dev.store.jepsen.workload;

import com.google.protobuf.ByteString;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.cluster.NodeClient;
import dev.store.jepsen.history.Recorder;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One process of a history that sends each call to a random node, healthy or not, and never repeats one by itself. What
 * the error code says of the outcome decides between {@code fail} and {@code info}. Used by one thread.
 */
final class Caller {
    static final Duration DEADLINE = Duration.ofSeconds(2);

    private final List<Node> nodes;
    private final Recorder.Worker worker;
    private final Random random;

    Caller(List<Node> nodes, Recorder recorder, Random random) {
        this.nodes = List.copyOf(nodes);
        this.worker = recorder.worker();
        this.random = random;
    }

    /**
     * What came back.
     *
     * @param value the answer
     * @param facts more about it
     * @param refusal why nothing was changed, or null if it was done
     */
    record Answer(
            @Nullable Object value,
            Map<String, Object> facts,
            @Nullable String refusal) {
        static Answer of(@Nullable Object value, Map<String, Object> facts) {
            return new Answer(value, facts, null);
        }

        static Answer at(@Nullable Object value, long revision) {
            return new Answer(value, Map.of("revision", revision), null);
        }

        static Answer refused(String why) {
            return new Answer(null, Map.of(), why);
        }
    }

    Node node() {
        return nodes.get(random.nextInt(nodes.size()));
    }

    /** A call that changes something; empty if it was refused or its outcome is unknown. */
    Optional<Answer> change(
            String f, @Nullable Object argument, Map<String, Object> facts, Function<NodeClient, Answer> send) {
        return call(f, argument, facts, false, send);
    }

    /** A call that only looks; empty without an answer. */
    Optional<Answer> look(
            String f, @Nullable Object argument, Map<String, Object> facts, Function<NodeClient, Answer> send) {
        return call(f, argument, facts, true, send);
    }

    private Optional<Answer> call(
            String f,
            @Nullable Object argument,
            Map<String, Object> facts,
            boolean looks,
            Function<NodeClient, Answer> send) {
        Node node = node();
        Map<String, Object> all = new HashMap<>(facts);
        all.put("node", node.name());
        worker.invoke(f, argument, all);
        Map<String, Object> where = Map.of("node", node.name());
        try {
            Answer answer = send.apply(node.client());
            if (answer.refusal() != null) {
                worker.fail(answer.refusal(), where);
                return Optional.empty();
            }
            Map<String, Object> more = new HashMap<>(answer.facts());
            more.put("node", node.name());
            worker.ok(answer.value(), more);
            return Optional.of(answer);
        } catch (StatusRuntimeException e) {
            StoreException error = GrpcErrors.fromGrpc(e);
            String what = error.code() + ": " + error.getMessage();
            if (looks || error.code().outcome() == ErrorCode.Outcome.DEFINITE) {
                worker.fail(what, where);
            } else {
                worker.info(what, where);
            }
            return Optional.empty();
        }
    }

    static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }
}
