package dev.store.server.etcd;

import dev.store.server.etcd.v3.AuthDisableResponse;
import dev.store.server.etcd.v3.AuthGrpc;
import dev.store.server.etcd.v3.AuthRoleListResponse;
import dev.store.server.etcd.v3.AuthUserListResponse;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCalls;
import java.util.function.Supplier;

/** etcd's service for users and roles, as a cluster answers that has none and does not authenticate. */
final class EtcdAuth implements BindableService {
    private final EtcdHeaders headers;

    EtcdAuth(EtcdHeaders headers) {
        this.headers = headers;
    }

    @Override
    public ServerServiceDefinition bindService() {
        ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(AuthGrpc.getServiceDescriptor());
        answer(service, AuthGrpc.getAuthDisableMethod(), () -> AuthDisableResponse.newBuilder()
                .setHeader(headers.now())
                .build());
        answer(service, AuthGrpc.getUserListMethod(), () -> AuthUserListResponse.newBuilder()
                .setHeader(headers.now())
                .build());
        answer(service, AuthGrpc.getRoleListMethod(), () -> AuthRoleListResponse.newBuilder()
                .setHeader(headers.now())
                .build());
        refuse(service, AuthGrpc.getAuthEnableMethod(), EtcdErrors::rootUserMissing);
        refuse(service, AuthGrpc.getAuthenticateMethod(), EtcdErrors::authNotEnabled);
        refuse(service, AuthGrpc.getUserAddMethod(), EtcdErrors::authNotEnabled);
        refuse(service, AuthGrpc.getUserGetMethod(), EtcdErrors::userNotFound);
        refuse(service, AuthGrpc.getUserDeleteMethod(), EtcdErrors::userNotFound);
        refuse(service, AuthGrpc.getUserChangePasswordMethod(), EtcdErrors::userNotFound);
        refuse(service, AuthGrpc.getUserGrantRoleMethod(), EtcdErrors::userNotFound);
        refuse(service, AuthGrpc.getUserRevokeRoleMethod(), EtcdErrors::userNotFound);
        refuse(service, AuthGrpc.getRoleAddMethod(), EtcdErrors::authNotEnabled);
        refuse(service, AuthGrpc.getRoleGetMethod(), EtcdErrors::roleNotFound);
        refuse(service, AuthGrpc.getRoleDeleteMethod(), EtcdErrors::roleNotFound);
        refuse(service, AuthGrpc.getRoleGrantPermissionMethod(), EtcdErrors::roleNotFound);
        refuse(service, AuthGrpc.getRoleRevokePermissionMethod(), EtcdErrors::roleNotFound);
        return service.build();
    }

    private static <Q, A> void answer(
            ServerServiceDefinition.Builder service, MethodDescriptor<Q, A> method, Supplier<A> answer) {
        service.addMethod(method, ServerCalls.asyncUnaryCall((request, call) -> {
            call.onNext(answer.get());
            call.onCompleted();
        }));
    }

    private static <Q, A> void refuse(
            ServerServiceDefinition.Builder service,
            MethodDescriptor<Q, A> method,
            Supplier<StatusRuntimeException> error) {
        service.addMethod(method, ServerCalls.asyncUnaryCall((request, call) -> call.onError(error.get())));
    }
}
