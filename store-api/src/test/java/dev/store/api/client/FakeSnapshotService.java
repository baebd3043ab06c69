package dev.store.api.client;

import com.google.protobuf.ByteString;
import dev.store.api.v1.MaintenanceGrpc;
import dev.store.api.v1.SnapshotChunk;
import dev.store.api.v1.SnapshotHead;
import dev.store.api.v1.SnapshotRequest;
import io.grpc.stub.StreamObserver;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Sends some bytes as a snapshot, with the right or a wrong hash. */
final class FakeSnapshotService extends MaintenanceGrpc.MaintenanceImplBase {
    private final byte[] bytes;
    private final boolean wrongHash;

    FakeSnapshotService(byte[] bytes, boolean wrongHash) {
        this.bytes = bytes;
        this.wrongHash = wrongHash;
    }

    @Override
    public void snapshot(SnapshotRequest request, StreamObserver<SnapshotChunk> out) {
        int half = bytes.length / 2;
        out.onNext(SnapshotChunk.newBuilder()
                .setHead(SnapshotHead.newBuilder().setAppliedIndex(12).setAppliedTerm(3))
                .setData(ByteString.copyFrom(bytes, 0, half))
                .build());
        out.onNext(SnapshotChunk.newBuilder()
                .setData(ByteString.copyFrom(bytes, half, bytes.length - half))
                .setSha256(ByteString.copyFrom(wrongHash ? new byte[32] : hash()))
                .build());
        out.onCompleted();
    }

    private byte[] hash() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
