package dev.store.jepsen.workload;

import com.google.protobuf.ByteString;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import dev.store.api.v1.Compare;
import dev.store.api.v1.Delete;
import dev.store.api.v1.DeleteRequest;
import dev.store.api.v1.DeleteResponse;
import dev.store.api.v1.GetRequest;
import dev.store.api.v1.GetResponse;
import dev.store.api.v1.KeySelector;
import dev.store.api.v1.OperationId;
import dev.store.api.v1.Put;
import dev.store.api.v1.PutRequest;
import dev.store.api.v1.PutResponse;
import dev.store.api.v1.ReadConsistency;
import dev.store.api.v1.ReadOptions;
import dev.store.api.v1.Txn;
import dev.store.api.v1.TxnOp;
import dev.store.api.v1.TxnRequest;
import dev.store.api.v1.TxnResponse;
import dev.store.jepsen.check.Register;
import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.history.Recorder;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One process of a history that reads and writes keys, each call at a node of its choice and never repeated by itself.
 * What the error code says of the outcome decides between {@code fail} and {@code info}. Used by one thread.
 */
public final class KvProcess {
    private final Recorder.Worker worker;
    private final Duration deadline;
    private final long clientId = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
    private long sequence;

    /** A process whose calls wait so long for an answer. */
    public KvProcess(Recorder recorder, Duration deadline) {
        this.worker = recorder.worker();
        this.deadline = deadline;
    }

    /** Linearizable read; the revision of the answer if there was one. */
    public Optional<Long> read(Node node, String key) {
        return read("read", ReadConsistency.READ_CONSISTENCY_LINEARIZABLE, node, key);
    }

    /** Serializable read. */
    public Optional<Long> localRead(Node node, String key) {
        return read("local-read", ReadConsistency.READ_CONSISTENCY_SERIALIZABLE, node, key);
    }

    /** Puts a value; the revision if it was acknowledged. */
    public Optional<Long> write(Node node, String key, String value) {
        return put("write", node, key, value, null);
    }

    /**
     * Puts a value again and again until it is acknowledged, which may take an election; each attempt is a call of its
     * own.
     */
    public long writeUntilAcknowledged(Node node, String key, String value) {
        return Await.answer(Await.PATIENCE, "an acknowledged put at " + node, () -> write(node, key, value));
    }

    /** Deletes the key; the revision if it was acknowledged. */
    public Optional<Long> delete(Node node, String key) {
        DeleteRequest request = DeleteRequest.newBuilder()
                .setDelete(Delete.newBuilder().setKeys(KeySelector.newBuilder().setKey(bytes(key))))
                .build();
        return call("delete", node, key, null, () -> {
            DeleteResponse response = node.client().kv(deadline).delete(request);
            return ok(response.getHeader().getRevision(), node, null);
        });
    }

    /** Puts a value if the present one is as expected; the revision if it was acknowledged and the compare held. */
    public Optional<Long> cas(Node node, String key, String expected, String value) {
        TxnRequest request = TxnRequest.newBuilder()
                .setTxn(Txn.newBuilder()
                        .addCompares(Compare.newBuilder()
                                .setKeys(KeySelector.newBuilder().setKey(bytes(key)))
                                .setValue(bytes(expected)))
                        .addThen(TxnOp.newBuilder().setPut(put(key, value))))
                .build();
        return call("cas", node, key, List.of(expected, value), () -> {
            TxnResponse response = node.client().kv(deadline).txn(request);
            long revision = response.getHeader().getRevision();
            if (!response.getResult().getSucceeded()) {
                worker.fail(Register.MISMATCH, facts(node, revision));
                return Optional.empty();
            }
            return ok(revision, node, null);
        });
    }

    /**
     * Puts a value under one operation id at node after node until it is acknowledged: each attempt is a call
     * {@code once} of its own.
     *
     * @param nodes where to try, in order, beginning again at the end; asked anew each time
     * @return the revision, or empty if all attempts ended without an acknowledgement
     */
    public Optional<Long> once(List<Node> nodes, String key, String value, int attempts) {
        OperationId operation = OperationId.newBuilder()
                .setClientId(clientId)
                .setSequence(++sequence)
                .build();
        for (int i = 0; i < attempts; i++) {
            Optional<Long> revision = put("once", nodes.get(i % nodes.size()), key, value, operation);
            if (revision.isPresent()) {
                return revision;
            }
        }
        return Optional.empty();
    }

    /** Sends the last operation of {@link #once} again, as a client does that missed the answer. */
    public Optional<Long> again(Node node, String key, String value) {
        OperationId operation = OperationId.newBuilder()
                .setClientId(clientId)
                .setSequence(sequence)
                .build();
        return put("once", node, key, value, operation);
    }

    private Optional<Long> put(String f, Node node, String key, String value, @Nullable OperationId operation) {
        PutRequest.Builder request = PutRequest.newBuilder().setPut(put(key, value));
        if (operation != null) {
            request.setOperation(operation);
        }
        return call(f, node, key, value, () -> {
            PutResponse response = node.client().kv(deadline).put(request.build());
            return ok(response.getHeader().getRevision(), node, null);
        });
    }

    private Optional<Long> read(String f, ReadConsistency consistency, Node node, String key) {
        GetRequest request = GetRequest.newBuilder()
                .setKey(bytes(key))
                .setRead(ReadOptions.newBuilder().setConsistency(consistency))
                .build();
        return call(f, node, key, null, () -> {
            GetResponse response = node.client().kv(deadline).get(request);
            String value = response.hasEntry() ? response.getEntry().getValue().toStringUtf8() : null;
            return ok(response.getHeader().getRevision(), node, value);
        });
    }

    private Optional<Long> call(
            String f,
            Node node,
            String key,
            @Nullable Object argument,
            java.util.function.Supplier<Optional<Long>> send) {
        worker.invoke(f, argument, Map.of("key", key, "node", node.name()));
        try {
            return send.get();
        } catch (StatusRuntimeException e) {
            StoreException error = GrpcErrors.fromGrpc(e);
            String what = error.code() + ": " + error.getMessage();
            if (f.endsWith("read") || error.code().outcome() == ErrorCode.Outcome.DEFINITE) {
                worker.fail(what, Map.of("node", node.name()));
            } else {
                worker.info(what, Map.of("node", node.name()));
            }
            return Optional.empty();
        }
    }

    private Optional<Long> ok(long revision, Node node, @Nullable String value) {
        worker.ok(value, facts(node, revision));
        return Optional.of(revision);
    }

    private static Map<String, Object> facts(Node node, long revision) {
        return Map.of("revision", revision, "node", node.name());
    }

    private static Put put(String key, String value) {
        return Put.newBuilder().setKey(bytes(key)).setValue(bytes(value)).build();
    }

    private static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }
}
