package dev.store.server.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What a call is refused with: clients of etcd compare both. */
final class Refusal {
    private Refusal() {}

    static void expect(ThrowingCallable call, Status.Code code, String text) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StatusRuntimeException.class, refused -> {
            assertThat(refused.getStatus().getDescription()).isEqualTo(text);
            assertThat(refused.getStatus().getCode()).isEqualTo(code);
        });
    }
}
