package dev.store.cli.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.v1.ConfigGrpc;
import io.grpc.MethodDescriptor;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ConfigMethodsTest {
    @Test
    void everyUnaryMethodOfTheServiceIsThereWithItsAnswer() throws Exception {
        Map<String, MethodDescriptor<?, ?>> protocol = ConfigGrpc.getServiceDescriptor().getMethods().stream()
                .filter(method -> method.getType() == MethodDescriptor.MethodType.UNARY)
                .collect(Collectors.toMap(method -> "/" + method.getFullMethodName(), method -> method));
        List<String> paths = new ArrayList<>();
        for (java.lang.reflect.Method each : ConfigMethods.class.getDeclaredMethods()) {
            if (!Modifier.isPublic(each.getModifiers())) {
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
        assertThat(paths).containsExactlyInAnyOrderElementsOf(protocol.keySet());
    }
}
