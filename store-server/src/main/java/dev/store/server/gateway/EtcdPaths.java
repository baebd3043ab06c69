package dev.store.server.gateway;

import com.google.protobuf.Message;
import dev.store.server.etcd.v3.AuthGrpc;
import dev.store.server.etcd.v3.ClusterGrpc;
import dev.store.server.etcd.v3.ElectionGrpc;
import dev.store.server.etcd.v3.KVGrpc;
import dev.store.server.etcd.v3.LeaseGrpc;
import dev.store.server.etcd.v3.LockGrpc;
import dev.store.server.etcd.v3.MaintenanceGrpc;
import dev.store.server.etcd.v3.WatchGrpc;
import io.grpc.MethodDescriptor;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The paths of etcd's JSON gateway, as the annotations of etcd 3.4's rpc.proto name them, below {@code /v3}. */
final class EtcdPaths {
    /** Before 3.4 the gateway had this prefix, which etcd 3.4 still answers. */
    private static final String OLDER = "/v3beta";

    private static final String PRESENT = "/v3";
    private static final Map<String, MethodDescriptor<Message, Message>> METHODS = new HashMap<>();

    static {
        add("/kv/range", KVGrpc.getRangeMethod());
        add("/kv/put", KVGrpc.getPutMethod());
        add("/kv/deleterange", KVGrpc.getDeleteRangeMethod());
        add("/kv/txn", KVGrpc.getTxnMethod());
        add("/kv/compaction", KVGrpc.getCompactMethod());
        add("/watch", WatchGrpc.getWatchMethod());
        add("/lease/grant", LeaseGrpc.getLeaseGrantMethod());
        add("/lease/revoke", LeaseGrpc.getLeaseRevokeMethod());
        add("/kv/lease/revoke", LeaseGrpc.getLeaseRevokeMethod());
        add("/lease/keepalive", LeaseGrpc.getLeaseKeepAliveMethod());
        add("/lease/timetolive", LeaseGrpc.getLeaseTimeToLiveMethod());
        add("/kv/lease/timetolive", LeaseGrpc.getLeaseTimeToLiveMethod());
        add("/lease/leases", LeaseGrpc.getLeaseLeasesMethod());
        add("/kv/lease/leases", LeaseGrpc.getLeaseLeasesMethod());
        add("/cluster/member/add", ClusterGrpc.getMemberAddMethod());
        add("/cluster/member/remove", ClusterGrpc.getMemberRemoveMethod());
        add("/cluster/member/update", ClusterGrpc.getMemberUpdateMethod());
        add("/cluster/member/list", ClusterGrpc.getMemberListMethod());
        add("/cluster/member/promote", ClusterGrpc.getMemberPromoteMethod());
        add("/maintenance/alarm", MaintenanceGrpc.getAlarmMethod());
        add("/maintenance/status", MaintenanceGrpc.getStatusMethod());
        add("/maintenance/defragment", MaintenanceGrpc.getDefragmentMethod());
        add("/maintenance/hash", MaintenanceGrpc.getHashKVMethod());
        add("/maintenance/snapshot", MaintenanceGrpc.getSnapshotMethod());
        add("/maintenance/transfer-leadership", MaintenanceGrpc.getMoveLeaderMethod());
        add("/lock/lock", LockGrpc.getLockMethod());
        add("/lock/unlock", LockGrpc.getUnlockMethod());
        add("/election/campaign", ElectionGrpc.getCampaignMethod());
        add("/election/proclaim", ElectionGrpc.getProclaimMethod());
        add("/election/leader", ElectionGrpc.getLeaderMethod());
        add("/election/observe", ElectionGrpc.getObserveMethod());
        add("/election/resign", ElectionGrpc.getResignMethod());
        add("/auth/enable", AuthGrpc.getAuthEnableMethod());
        add("/auth/disable", AuthGrpc.getAuthDisableMethod());
        add("/auth/authenticate", AuthGrpc.getAuthenticateMethod());
        add("/auth/user/add", AuthGrpc.getUserAddMethod());
        add("/auth/user/get", AuthGrpc.getUserGetMethod());
        add("/auth/user/list", AuthGrpc.getUserListMethod());
        add("/auth/user/delete", AuthGrpc.getUserDeleteMethod());
        add("/auth/user/changepw", AuthGrpc.getUserChangePasswordMethod());
        add("/auth/user/grant", AuthGrpc.getUserGrantRoleMethod());
        add("/auth/user/revoke", AuthGrpc.getUserRevokeRoleMethod());
        add("/auth/role/add", AuthGrpc.getRoleAddMethod());
        add("/auth/role/get", AuthGrpc.getRoleGetMethod());
        add("/auth/role/list", AuthGrpc.getRoleListMethod());
        add("/auth/role/delete", AuthGrpc.getRoleDeleteMethod());
        add("/auth/role/grant", AuthGrpc.getRoleGrantPermissionMethod());
        add("/auth/role/revoke", AuthGrpc.getRoleRevokePermissionMethod());
    }

    private EtcdPaths() {}

    /** The method behind a path, or null. */
    static @Nullable MethodDescriptor<Message, Message> method(String path) {
        String below;
        if (path.startsWith(OLDER + "/")) {
            below = path.substring(OLDER.length());
        } else if (path.startsWith(PRESENT + "/")) {
            below = path.substring(PRESENT.length());
        } else {
            return null;
        }
        return METHODS.get(below);
    }

    /** Only the types of its messages are given away. */
    @SuppressWarnings("unchecked")
    private static void add(String path, MethodDescriptor<? extends Message, ? extends Message> method) {
        METHODS.put(path, (MethodDescriptor<Message, Message>) method);
    }
}
