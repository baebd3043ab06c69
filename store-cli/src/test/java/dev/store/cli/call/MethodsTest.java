package dev.store.cli.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.v1.ClusterGrpc;
import dev.store.api.v1.DiscoveryGrpc;
import dev.store.api.v1.KVGrpc;
import dev.store.api.v1.LeaseGrpc;
import dev.store.api.v1.LocksGrpc;
import dev.store.api.v1.MaintenanceGrpc;
import io.grpc.MethodDescriptor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MethodsTest {
    @Test
    void everyMethodIsOneOfTheProtocol() throws Exception {
        Map<String, MethodDescriptor<?, ?>> protocol = new HashMap<>();
        for (var service : List.of(
                KVGrpc.getServiceDescriptor(),
                LeaseGrpc.getServiceDescriptor(),
                LocksGrpc.getServiceDescriptor(),
                ClusterGrpc.getServiceDescriptor(),
                DiscoveryGrpc.getServiceDescriptor(),
                MaintenanceGrpc.getServiceDescriptor())) {
            service.getMethods().forEach(method -> protocol.put("/" + method.getFullMethodName(), method));
        }
        List<String> paths = new ArrayList<>();
        for (java.lang.reflect.Method each : Methods.class.getDeclaredMethods()) {
            if (!java.lang.reflect.Modifier.isPublic(each.getModifiers())) {
                continue;
            }
            Method<?, ?> method = (Method<?, ?>) each.invoke(null);
            MethodDescriptor<?, ?> descriptor = protocol.get(method.path());

            assertThat(descriptor).as(method.path()).isNotNull();
            Object answer = method.answers().parseFrom(new byte[0]);
            assertThat(((MethodDescriptor.PrototypeMarshaller<?>) descriptor.getResponseMarshaller()).getMessageClass())
                    .as("answer of " + method.path())
                    .isEqualTo(answer.getClass());
            paths.add(method.path());
        }
        assertThat(paths).hasSize(27).doesNotHaveDuplicates();
    }
}
