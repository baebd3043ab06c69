package dev.store.server.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ReadPoolTest {
    @Test
    void aReadPastTheQueueIsRefusedAndTheOthersAreServed() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (ReadPool pool = new ReadPool(1, 1)) {
            CompletableFuture<Integer> first = pool.submit(() -> {
                running.countDown();
                await(release);
                return 1;
            });
            running.await();
            CompletableFuture<Integer> second = pool.submit(() -> 2);

            CompletableFuture<Integer> third = pool.submit(() -> 3);

            assertThat(third).isCompletedExceptionally();
            assertThatThrownBy(third::join).satisfies(failure -> {
                assertThat(GrpcErrors.fromGrpc(failure).code()).isEqualTo(ErrorCode.OVERLOADED);
                assertThat(failure).hasMessageContaining("reads waiting: 1");
            });
            release.countDown();
            assertThat(first.join() + second.join()).isEqualTo(3);
            assertThat(pool.submit(() -> 4).join()).isEqualTo(4);
        }
    }

    @Test
    void aReadThatThrowsFailsItsFutureOnly() {
        try (ReadPool pool = new ReadPool(1, 1)) {
            CompletableFuture<Integer> failing = pool.submit(() -> {
                throw new IllegalStateException("for the test");
            });

            assertThatThrownBy(failing::join).hasMessageContaining("for the test");
            assertThat(pool.submit(() -> 5).join()).isEqualTo(5);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
