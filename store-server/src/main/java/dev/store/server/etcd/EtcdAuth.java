package dev.store.server.etcd;

import dev.store.server.etcd.v3.AuthDisableRequest;
import dev.store.server.etcd.v3.AuthDisableResponse;
import dev.store.server.etcd.v3.AuthEnableRequest;
import dev.store.server.etcd.v3.AuthEnableResponse;
import dev.store.server.etcd.v3.AuthGrpc;
import dev.store.server.etcd.v3.AuthRoleAddRequest;
import dev.store.server.etcd.v3.AuthRoleAddResponse;
import dev.store.server.etcd.v3.AuthRoleDeleteRequest;
import dev.store.server.etcd.v3.AuthRoleDeleteResponse;
import dev.store.server.etcd.v3.AuthRoleGetRequest;
import dev.store.server.etcd.v3.AuthRoleGetResponse;
import dev.store.server.etcd.v3.AuthRoleGrantPermissionRequest;
import dev.store.server.etcd.v3.AuthRoleGrantPermissionResponse;
import dev.store.server.etcd.v3.AuthRoleListRequest;
import dev.store.server.etcd.v3.AuthRoleListResponse;
import dev.store.server.etcd.v3.AuthRoleRevokePermissionRequest;
import dev.store.server.etcd.v3.AuthRoleRevokePermissionResponse;
import dev.store.server.etcd.v3.AuthUserAddRequest;
import dev.store.server.etcd.v3.AuthUserAddResponse;
import dev.store.server.etcd.v3.AuthUserChangePasswordRequest;
import dev.store.server.etcd.v3.AuthUserChangePasswordResponse;
import dev.store.server.etcd.v3.AuthUserDeleteRequest;
import dev.store.server.etcd.v3.AuthUserDeleteResponse;
import dev.store.server.etcd.v3.AuthUserGetRequest;
import dev.store.server.etcd.v3.AuthUserGetResponse;
import dev.store.server.etcd.v3.AuthUserGrantRoleRequest;
import dev.store.server.etcd.v3.AuthUserGrantRoleResponse;
import dev.store.server.etcd.v3.AuthUserListRequest;
import dev.store.server.etcd.v3.AuthUserListResponse;
import dev.store.server.etcd.v3.AuthUserRevokeRoleRequest;
import dev.store.server.etcd.v3.AuthUserRevokeRoleResponse;
import dev.store.server.etcd.v3.AuthenticateRequest;
import dev.store.server.etcd.v3.AuthenticateResponse;
import io.grpc.stub.StreamObserver;

/** etcd's service for users and roles, as a cluster answers that has none and does not authenticate. */
final class EtcdAuth extends AuthGrpc.AuthImplBase {
    private final EtcdHeaders headers;

    EtcdAuth(EtcdHeaders headers) {
        this.headers = headers;
    }

    @Override
    public void authEnable(AuthEnableRequest request, StreamObserver<AuthEnableResponse> call) {
        call.onError(EtcdErrors.rootUserMissing());
    }

    @Override
    public void userAdd(AuthUserAddRequest request, StreamObserver<AuthUserAddResponse> call) {
        call.onError(EtcdErrors.authNotEnabled());
    }

    @Override
    public void userGet(AuthUserGetRequest request, StreamObserver<AuthUserGetResponse> call) {
        call.onError(EtcdErrors.userNotFound());
    }

    @Override
    public void userDelete(AuthUserDeleteRequest request, StreamObserver<AuthUserDeleteResponse> call) {
        call.onError(EtcdErrors.userNotFound());
    }

    @Override
    public void userChangePassword(
            AuthUserChangePasswordRequest request, StreamObserver<AuthUserChangePasswordResponse> call) {
        call.onError(EtcdErrors.userNotFound());
    }

    @Override
    public void userGrantRole(AuthUserGrantRoleRequest request, StreamObserver<AuthUserGrantRoleResponse> call) {
        call.onError(EtcdErrors.userNotFound());
    }

    @Override
    public void userRevokeRole(AuthUserRevokeRoleRequest request, StreamObserver<AuthUserRevokeRoleResponse> call) {
        call.onError(EtcdErrors.userNotFound());
    }

    @Override
    public void roleAdd(AuthRoleAddRequest request, StreamObserver<AuthRoleAddResponse> call) {
        call.onError(EtcdErrors.authNotEnabled());
    }

    @Override
    public void roleGet(AuthRoleGetRequest request, StreamObserver<AuthRoleGetResponse> call) {
        call.onError(EtcdErrors.roleNotFound());
    }

    @Override
    public void roleDelete(AuthRoleDeleteRequest request, StreamObserver<AuthRoleDeleteResponse> call) {
        call.onError(EtcdErrors.roleNotFound());
    }

    @Override
    public void roleGrantPermission(
            AuthRoleGrantPermissionRequest request, StreamObserver<AuthRoleGrantPermissionResponse> call) {
        call.onError(EtcdErrors.roleNotFound());
    }

    @Override
    public void roleRevokePermission(
            AuthRoleRevokePermissionRequest request, StreamObserver<AuthRoleRevokePermissionResponse> call) {
        call.onError(EtcdErrors.roleNotFound());
    }

    @Override
    public void authenticate(AuthenticateRequest request, StreamObserver<AuthenticateResponse> call) {
        call.onError(EtcdErrors.authNotEnabled());
    }

    @Override
    public void authDisable(AuthDisableRequest request, StreamObserver<AuthDisableResponse> call) {
        call.onNext(AuthDisableResponse.newBuilder().setHeader(headers.now()).build());
        call.onCompleted();
    }

    @Override
    public void userList(AuthUserListRequest request, StreamObserver<AuthUserListResponse> call) {
        call.onNext(AuthUserListResponse.newBuilder().setHeader(headers.now()).build());
        call.onCompleted();
    }

    @Override
    public void roleList(AuthRoleListRequest request, StreamObserver<AuthRoleListResponse> call) {
        call.onNext(AuthRoleListResponse.newBuilder().setHeader(headers.now()).build());
        call.onCompleted();
    }
}
