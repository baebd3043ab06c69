package dev.store.raft.sim;

import com.google.protobuf.ByteString;
import dev.store.api.error.ErrorCode;
import dev.store.api.v1.Delete;
import dev.store.api.v1.KeySelector;
import dev.store.api.v1.OperationId;
import dev.store.api.v1.Put;
import dev.store.api.v1.Txn;
import dev.store.api.v1.TxnOp;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.Compact;
import java.util.List;

/** A client that writes, one operation after another, and sends an operation again until it knows its outcome. */
final class SimClient {
    private final SimCluster cluster;
    private final SimTime time;
    private final long id;
    private long sequence;
    private boolean stopped;
    private int acknowledged;

    SimClient(SimCluster cluster, long id) {
        this.cluster = cluster;
        this.time = cluster.time;
        this.id = id;
        time.after(0, 200, this::next);
    }

    int acknowledged() {
        return acknowledged;
    }

    void stop() {
        stopped = true;
    }

    private void next() {
        if (stopped) {
            return;
        }
        sequence++;
        send(command(), 0);
    }

    private void send(Command command, int attempts) {
        if (attempts > 8) {
            // Gives up: the outcome stays unknown.
            next();
            return;
        }
        List<SimMember> leading = cluster.members.stream()
                .filter(member -> member.isReady() && member.leadsInTerm() > 0)
                .toList();
        if (leading.isEmpty()) {
            time.after(100, 400, () -> send(command, attempts));
            return;
        }
        boolean[] over = new boolean[1];
        Runnable again = () -> {
            if (!over[0]) {
                over[0] = true;
                send(command, attempts + 1);
            }
        };
        time.after(600, 2_000, again);
        leading.get(time.below(leading.size()))
                .propose(new Pending(
                        command,
                        result -> {
                            if (!over[0]) {
                                over[0] = true;
                                done(result);
                            }
                        },
                        () -> time.after(1, 300, again)));
    }

    private void done(CommandResult result) {
        if (result.hasFailure()) {
            ErrorCode code = ErrorCode.valueOf(result.getFailure().getCode());
            if (code != ErrorCode.COMPACTED && code != ErrorCode.FUTURE_REVISION) {
                throw new BrokenPromise("Exactly once", "a sound operation succeeds", result.toString());
            }
        } else if (result.hasTxn()) {
            cluster.truth.acknowledged(id, sequence);
            acknowledged++;
        }
        time.after(0, 150, this::next);
    }

    private Command command() {
        OperationId operation = OperationId.newBuilder()
                .setClientId(id)
                .setSequence(sequence)
                .setAcknowledgedBelow(sequence)
                .build();
        Command.Builder command = Command.newBuilder().setOperation(operation);
        long current = cluster.truth.revision();
        if (current > 20 && time.chance(0.03)) {
            long revision = current - time.below(20);
            return command.setCompact(Compact.newBuilder().setRevision(revision))
                    .build();
        }
        Txn.Builder txn = Txn.newBuilder().addThen(put(SimTruth.counter(id), Long.toString(sequence)));
        int more = time.chance(0.1) ? 8 : time.below(4);
        for (int i = 0; i < more; i++) {
            // Each operation of a transaction has keys of its own.
            String key = (time.chance(0.5) ? "a/" : "b/") + i;
            if (time.chance(0.2)) {
                txn.addThen(TxnOp.newBuilder()
                        .setDelete(Delete.newBuilder()
                                .setKeys(KeySelector.newBuilder().setKey(ByteString.copyFromUtf8(key)))));
            } else {
                txn.addThen(put(ByteString.copyFromUtf8(key), "x".repeat(time.below(60))));
            }
        }
        return command.setTxn(txn).build();
    }

    private static TxnOp put(ByteString key, String value) {
        return TxnOp.newBuilder()
                .setPut(Put.newBuilder().setKey(key).setValue(ByteString.copyFromUtf8(value)))
                .build();
    }
}
