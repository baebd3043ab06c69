package dev.store.server.etcd;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.store.api.v1.SnapshotChunk;
import dev.store.server.etcd.v3.ResponseHeader;
import dev.store.server.etcd.v3.SnapshotResponse;
import io.grpc.stub.ServerCallStreamObserver;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A snapshot stream in etcd's form. Its clients expect a file of whole sectors of 512 bytes followed by the SHA-256 of all of
 * them, so the copy is padded with zeros; a snapshot of Store is an archive, which may be followed by anything.
 */
final class SnapshotBlobs extends ServerCallStreamObserver<SnapshotChunk> {
    private static final int SECTOR_BYTES = 512;

    private final ServerCallStreamObserver<SnapshotResponse> call;
    private final EtcdHeaders headers;
    private final MessageDigest sha256 = newSha256();
    private ResponseHeader header = ResponseHeader.getDefaultInstance();
    private long expected;
    private long sent;

    SnapshotBlobs(ServerCallStreamObserver<SnapshotResponse> call, EtcdHeaders headers) {
        this.call = call;
        this.headers = headers;
    }

    @Override
    public void onNext(SnapshotChunk chunk) {
        if (chunk.hasHead()) {
            header = headers.at(chunk.getHead().getHeader().getRevision());
            expected = chunk.getHead().getExpectedBytes();
        }
        send(chunk.getData());
        if (!chunk.getSha256().isEmpty()) {
            int over = (int) (sent % SECTOR_BYTES);
            if (over > 0) {
                send(UnsafeByteOperations.unsafeWrap(new byte[SECTOR_BYTES - over]));
            }
            blob(UnsafeByteOperations.unsafeWrap(sha256.digest()));
        }
    }

    private void send(ByteString data) {
        sent += data.size();
        sha256.update(data.asReadOnlyByteBuffer());
        blob(data);
    }

    private void blob(ByteString data) {
        call.onNext(SnapshotResponse.newBuilder()
                .setHeader(header)
                .setRemainingBytes(Math.max(0, expected - sent))
                .setBlob(data)
                .build());
    }

    @Override
    public void onError(Throwable failure) {
        call.onError(failure);
    }

    @Override
    public void onCompleted() {
        call.onCompleted();
    }

    @Override
    public boolean isCancelled() {
        return call.isCancelled();
    }

    @Override
    public void setOnCancelHandler(Runnable handler) {
        call.setOnCancelHandler(handler);
    }

    @Override
    public void setCompression(String compression) {
        call.setCompression(compression);
    }

    @Override
    public boolean isReady() {
        return call.isReady();
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {
        call.setOnReadyHandler(handler);
    }

    @Override
    public void request(int count) {
        call.request(count);
    }

    @Override
    public void setMessageCompression(boolean enable) {
        call.setMessageCompression(enable);
    }

    /** Deprecated in gRPC, where every call is served with what {@link #disableAutoRequest} does. */
    @Override
    @Deprecated
    public void disableAutoInboundFlowControl() {
        call.disableAutoRequest();
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
