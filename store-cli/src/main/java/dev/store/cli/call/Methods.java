package dev.store.cli.call;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.store.api.v1.AddLearnerRequest;
import dev.store.api.v1.CompactRequest;
import dev.store.api.v1.CompactResponse;
import dev.store.api.v1.DeleteRequest;
import dev.store.api.v1.DeleteResponse;
import dev.store.api.v1.DeregisterRequest;
import dev.store.api.v1.DeregisterResponse;
import dev.store.api.v1.DescribeLockRequest;
import dev.store.api.v1.DescribeLockResponse;
import dev.store.api.v1.ForgetServiceRequest;
import dev.store.api.v1.ForgetServiceResponse;
import dev.store.api.v1.GetRequest;
import dev.store.api.v1.GetResponse;
import dev.store.api.v1.HashRequest;
import dev.store.api.v1.HashResponse;
import dev.store.api.v1.LeaseGrantRequest;
import dev.store.api.v1.LeaseGrantResponse;
import dev.store.api.v1.LeaseListRequest;
import dev.store.api.v1.LeaseListResponse;
import dev.store.api.v1.LeaseRevokeRequest;
import dev.store.api.v1.LeaseRevokeResponse;
import dev.store.api.v1.LeaseTimeToLiveRequest;
import dev.store.api.v1.LeaseTimeToLiveResponse;
import dev.store.api.v1.ListLocksRequest;
import dev.store.api.v1.ListLocksResponse;
import dev.store.api.v1.ListServicesRequest;
import dev.store.api.v1.ListServicesResponse;
import dev.store.api.v1.MemberChangeResponse;
import dev.store.api.v1.MembersRequest;
import dev.store.api.v1.MembersResponse;
import dev.store.api.v1.PromoteRequest;
import dev.store.api.v1.PutRequest;
import dev.store.api.v1.PutResponse;
import dev.store.api.v1.RangeRequest;
import dev.store.api.v1.RangeResponse;
import dev.store.api.v1.RemoveRequest;
import dev.store.api.v1.ResolveRequest;
import dev.store.api.v1.ResolveResponse;
import dev.store.api.v1.SetPolicyRequest;
import dev.store.api.v1.SetPolicyResponse;
import dev.store.api.v1.SnapshotChunk;
import dev.store.api.v1.SnapshotRequest;
import dev.store.api.v1.StatusRequest;
import dev.store.api.v1.StatusResponse;
import dev.store.api.v1.TransferLeadershipRequest;
import dev.store.api.v1.TransferLeadershipResponse;
import dev.store.api.v1.TxnRequest;
import dev.store.api.v1.TxnResponse;
import dev.store.api.v1.UpdateCheckRequest;
import dev.store.api.v1.UpdateCheckResponse;
import dev.store.api.v1.UpdateInstanceRequest;
import dev.store.api.v1.UpdateInstanceResponse;

/**
 * The calls that commands make. Methods rather than constants: a command loads only the messages of its own call.
 *
 * <p>The generated descriptors say the same, but reading them costs a command more than its call; a test compares.
 */
public final class Methods {
    private Methods() {}

    public static Method<GetRequest, GetResponse> get() {
        return read("/store.v1.KV/Get", GetResponse.parser());
    }

    public static Method<RangeRequest, RangeResponse> range() {
        return read("/store.v1.KV/Range", RangeResponse.parser());
    }

    public static Method<PutRequest, PutResponse> put() {
        return write("/store.v1.KV/Put", PutResponse.parser());
    }

    public static Method<DeleteRequest, DeleteResponse> delete() {
        return write("/store.v1.KV/Delete", DeleteResponse.parser());
    }

    public static Method<TxnRequest, TxnResponse> txn() {
        return write("/store.v1.KV/Txn", TxnResponse.parser());
    }

    public static Method<CompactRequest, CompactResponse> compact() {
        return write("/store.v1.KV/Compact", CompactResponse.parser());
    }

    public static Method<LeaseGrantRequest, LeaseGrantResponse> leaseGrant() {
        return write("/store.v1.Lease/Grant", LeaseGrantResponse.parser());
    }

    public static Method<LeaseRevokeRequest, LeaseRevokeResponse> leaseRevoke() {
        return write("/store.v1.Lease/Revoke", LeaseRevokeResponse.parser());
    }

    public static Method<LeaseTimeToLiveRequest, LeaseTimeToLiveResponse> leaseTimeToLive() {
        return read("/store.v1.Lease/TimeToLive", LeaseTimeToLiveResponse.parser());
    }

    public static Method<LeaseListRequest, LeaseListResponse> leaseList() {
        return read("/store.v1.Lease/List", LeaseListResponse.parser());
    }

    public static Method<ListLocksRequest, ListLocksResponse> listLocks() {
        return read("/store.v1.Locks/ListLocks", ListLocksResponse.parser());
    }

    public static Method<DescribeLockRequest, DescribeLockResponse> describeLock() {
        return read("/store.v1.Locks/DescribeLock", DescribeLockResponse.parser());
    }

    public static Method<MembersRequest, MembersResponse> members() {
        return read("/store.v1.Cluster/Members", MembersResponse.parser());
    }

    public static Method<AddLearnerRequest, MemberChangeResponse> addLearner() {
        return once("/store.v1.Cluster/AddLearner", MemberChangeResponse.parser());
    }

    public static Method<PromoteRequest, MemberChangeResponse> promote() {
        return once("/store.v1.Cluster/Promote", MemberChangeResponse.parser());
    }

    public static Method<RemoveRequest, MemberChangeResponse> remove() {
        return once("/store.v1.Cluster/Remove", MemberChangeResponse.parser());
    }

    public static Method<TransferLeadershipRequest, TransferLeadershipResponse> transferLeadership() {
        return once("/store.v1.Cluster/TransferLeadership", TransferLeadershipResponse.parser());
    }

    public static Method<StatusRequest, StatusResponse> status() {
        return read("/store.v1.Maintenance/Status", StatusResponse.parser());
    }

    public static Method<HashRequest, HashResponse> hash() {
        return read("/store.v1.Maintenance/Hash", HashResponse.parser());
    }

    public static Method<SnapshotRequest, SnapshotChunk> snapshot() {
        return read("/store.v1.Maintenance/Snapshot", SnapshotChunk.parser());
    }

    public static Method<DeregisterRequest, DeregisterResponse> deregister() {
        return write("/store.v1.Discovery/Deregister", DeregisterResponse.parser());
    }

    public static Method<UpdateInstanceRequest, UpdateInstanceResponse> updateInstance() {
        return write("/store.v1.Discovery/UpdateInstance", UpdateInstanceResponse.parser());
    }

    public static Method<UpdateCheckRequest, UpdateCheckResponse> updateCheck() {
        return write("/store.v1.Discovery/UpdateCheck", UpdateCheckResponse.parser());
    }

    public static Method<SetPolicyRequest, SetPolicyResponse> setPolicy() {
        return write("/store.v1.Discovery/SetPolicy", SetPolicyResponse.parser());
    }

    public static Method<ForgetServiceRequest, ForgetServiceResponse> forgetService() {
        return write("/store.v1.Discovery/ForgetService", ForgetServiceResponse.parser());
    }

    public static Method<ListServicesRequest, ListServicesResponse> listServices() {
        return read("/store.v1.Discovery/ListServices", ListServicesResponse.parser());
    }

    public static Method<ResolveRequest, ResolveResponse> resolve() {
        return read("/store.v1.Discovery/Resolve", ResolveResponse.parser());
    }

    private static <Q extends MessageLite, R extends MessageLite> Method<Q, R> read(String path, Parser<R> answers) {
        return new Method<>(path, answers, Method.Effect.READ);
    }

    private static <Q extends MessageLite, R extends MessageLite> Method<Q, R> write(String path, Parser<R> answers) {
        return new Method<>(path, answers, Method.Effect.WRITE_BY_ID);
    }

    private static <Q extends MessageLite, R extends MessageLite> Method<Q, R> once(String path, Parser<R> answers) {
        return new Method<>(path, answers, Method.Effect.WRITE);
    }
}
