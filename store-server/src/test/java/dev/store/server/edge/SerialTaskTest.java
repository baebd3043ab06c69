package dev.store.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SerialTaskTest {
    @Test
    void requestsMadeBeforeARunAreServedByOneRun() {
        Queue<Runnable> queue = new ArrayDeque<>();
        AtomicInteger runs = new AtomicInteger();
        SerialTask task = new SerialTask(queue::add, runs::incrementAndGet);

        task.schedule();
        task.schedule();
        drain(queue);

        assertThat(runs).hasValue(1);
    }

    @Test
    void aRequestMadeDuringARunLeadsToOneMore() {
        Queue<Runnable> queue = new ArrayDeque<>();
        AtomicInteger runs = new AtomicInteger();
        AtomicReference<SerialTask> self = new AtomicReference<>();
        SerialTask task = new SerialTask(queue::add, () -> {
            if (runs.incrementAndGet() == 1) {
                Objects.requireNonNull(self.get()).schedule();
            }
        });
        self.set(task);

        task.schedule();
        drain(queue);

        assertThat(runs).hasValue(2);
        assertThat(queue).isEmpty();
    }

    @Test
    void aBodyThatThrowsIsRunAgainWhenAskedAgain() {
        Queue<Runnable> queue = new ArrayDeque<>();
        AtomicInteger runs = new AtomicInteger();
        SerialTask task = new SerialTask(queue::add, () -> {
            runs.incrementAndGet();
            throw new IllegalStateException("for the test");
        });

        for (int i = 0; i < 2; i++) {
            task.schedule();
            try {
                drain(queue);
            } catch (IllegalStateException e) {
                assertThat(e).hasMessage("for the test");
            }
        }

        assertThat(runs).hasValue(2);
    }

    @Test
    void manyThreadsNeverRunTheBodyTwiceAtATimeAndLoseNoRequest() throws InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger overlaps = new AtomicInteger();
        AtomicInteger wanted = new AtomicInteger();
        AtomicInteger seen = new AtomicInteger();
        SerialTask task = new SerialTask(pool, () -> {
            overlaps.addAndGet(inside.getAndIncrement());
            seen.set(wanted.get());
            inside.decrementAndGet();
        });
        CountDownLatch done = new CountDownLatch(4);
        for (int t = 0; t < 4; t++) {
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 20_000; i++) {
                    wanted.incrementAndGet();
                    task.schedule();
                }
                done.countDown();
            });
            thread.start();
        }
        done.await();
        // Runs that were asked for last are still on their way.
        while (seen.get() < 80_000) {
            Thread.onSpinWait();
        }
        pool.shutdown();

        assertThat(pool.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(overlaps).hasValue(0);
        assertThat(seen).hasValue(80_000);
    }

    private static void drain(Queue<Runnable> queue) {
        for (Runnable next = queue.poll(); next != null; next = queue.poll()) {
            next.run();
        }
    }
}
