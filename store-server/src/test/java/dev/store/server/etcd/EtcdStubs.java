package dev.store.server.etcd;

import com.google.protobuf.ByteString;
import dev.store.server.etcd.v3.AuthGrpc;
import dev.store.server.etcd.v3.ClusterGrpc;
import dev.store.server.etcd.v3.Compare;
import dev.store.server.etcd.v3.DeleteRangeRequest;
import dev.store.server.etcd.v3.ElectionGrpc;
import dev.store.server.etcd.v3.KVGrpc;
import dev.store.server.etcd.v3.LeaseGrpc;
import dev.store.server.etcd.v3.LockGrpc;
import dev.store.server.etcd.v3.MaintenanceGrpc;
import dev.store.server.etcd.v3.PutRequest;
import dev.store.server.etcd.v3.RangeRequest;
import dev.store.server.etcd.v3.RequestOp;
import dev.store.server.etcd.v3.TxnRequest;
import dev.store.server.etcd.v3.WatchGrpc;
import io.grpc.ManagedChannel;
import java.time.Duration;

/** The generated stubs of etcd's services over one connection, and requests as tests need them. */
record EtcdStubs(ManagedChannel channel) {
    private static final Duration CALL = Duration.ofSeconds(20);

    KVGrpc.KVBlockingStub kv() {
        return KVGrpc.newBlockingStub(channel).withDeadlineAfter(CALL);
    }

    WatchGrpc.WatchStub watch() {
        return WatchGrpc.newStub(channel);
    }

    LeaseGrpc.LeaseBlockingStub leases() {
        return LeaseGrpc.newBlockingStub(channel).withDeadlineAfter(CALL);
    }

    LeaseGrpc.LeaseStub leaseStreams() {
        return LeaseGrpc.newStub(channel);
    }

    ClusterGrpc.ClusterBlockingStub cluster() {
        return ClusterGrpc.newBlockingStub(channel).withDeadlineAfter(Duration.ofSeconds(60));
    }

    MaintenanceGrpc.MaintenanceBlockingStub maintenance() {
        return MaintenanceGrpc.newBlockingStub(channel).withDeadlineAfter(CALL);
    }

    AuthGrpc.AuthBlockingStub auth() {
        return AuthGrpc.newBlockingStub(channel).withDeadlineAfter(CALL);
    }

    LockGrpc.LockBlockingStub locks() {
        return LockGrpc.newBlockingStub(channel).withDeadlineAfter(CALL);
    }

    LockGrpc.LockFutureStub waitingLocks() {
        return LockGrpc.newFutureStub(channel);
    }

    ElectionGrpc.ElectionBlockingStub elections() {
        return ElectionGrpc.newBlockingStub(channel).withDeadlineAfter(CALL);
    }

    ElectionGrpc.ElectionFutureStub waitingElections() {
        return ElectionGrpc.newFutureStub(channel);
    }

    long put(String key, String value) {
        return kv().put(putOf(key, value).build()).getHeader().getRevision();
    }

    static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }

    static PutRequest.Builder putOf(String key, String value) {
        return PutRequest.newBuilder().setKey(bytes(key)).setValue(bytes(value));
    }

    static RangeRequest.Builder rangeOf(String key) {
        return RangeRequest.newBuilder().setKey(bytes(key));
    }

    static RangeRequest.Builder rangeOf(String key, String end) {
        return rangeOf(key).setRangeEnd(bytes(end));
    }

    static DeleteRangeRequest.Builder deleteOf(String key, String end) {
        return DeleteRangeRequest.newBuilder().setKey(bytes(key)).setRangeEnd(bytes(end));
    }

    static RequestOp op(PutRequest.Builder put) {
        return RequestOp.newBuilder().setRequestPut(put).build();
    }

    static RequestOp op(RangeRequest.Builder range) {
        return RequestOp.newBuilder().setRequestRange(range).build();
    }

    static RequestOp op(DeleteRangeRequest.Builder delete) {
        return RequestOp.newBuilder().setRequestDeleteRange(delete).build();
    }

    static RequestOp op(TxnRequest.Builder txn) {
        return RequestOp.newBuilder().setRequestTxn(txn).build();
    }

    static Compare.Builder modifiedAt(String key, long revision) {
        return Compare.newBuilder()
                .setKey(bytes(key))
                .setTarget(Compare.CompareTarget.MOD)
                .setResult(Compare.CompareResult.EQUAL)
                .setModRevision(revision);
    }

    static Compare.Builder valueIs(String key, String value) {
        return Compare.newBuilder()
                .setKey(bytes(key))
                .setTarget(Compare.CompareTarget.VALUE)
                .setResult(Compare.CompareResult.EQUAL)
                .setValue(bytes(value));
    }
}
