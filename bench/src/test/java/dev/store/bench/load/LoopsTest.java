package dev.store.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LoopsTest {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Timings timings = new Timings();

    @AfterEach
    void endTimer() {
        timer.shutdownNow();
    }

    @Test
    void clientOfAClosedLoopHasOneOperationAtATime() {
        Deque<Operation.Done> running = new ArrayDeque<>();
        List<Integer> clients = new ArrayList<>();
        ClosedLoop loop = new ClosedLoop(
                (client, done) -> {
                    clients.add(client);
                    running.add(done);
                },
                3,
                timings,
                timer);

        loop.start();
        assertThat(clients).containsExactly(0, 1, 2);
        running.remove().succeeded();
        assertThat(clients).containsExactly(0, 1, 2, 0);
        loop.stop();
        running.remove().succeeded();

        assertThat(clients).hasSize(4);
        assertThat(loop.inFlight()).isEqualTo(2);
        assertThat(timings.cut().operations().getTotalCount()).isEqualTo(2);
    }

    @Test
    void errorsAreCountedByCodeAndTheClientGoesOn() throws InterruptedException {
        CountDownLatch starts = new CountDownLatch(3);
        ClosedLoop loop = new ClosedLoop(
                (client, done) -> {
                    starts.countDown();
                    if (starts.getCount() > 0) {
                        done.failed("NO_LEADER");
                    }
                },
                1,
                timings,
                timer);

        loop.start();

        assertThat(starts.await(10, TimeUnit.SECONDS)).isTrue();
        Timings.Stretch stretch = timings.cut();
        assertThat(stretch.errors()).containsExactly(java.util.Map.entry("NO_LEADER", 2L));
        assertThat(stretch.operations().getTotalCount()).isZero();
        assertThat(timings.cut().errors()).isEmpty();
    }

    @Test
    void openLoopStartsOperationsThoughNoneIsAnswered() throws InterruptedException {
        CountDownLatch starts = new CountDownLatch(5);
        Plan plan = new Plan(5, 10_000, Duration.ZERO, Duration.ofSeconds(1), Duration.ZERO);
        OpenLoop loop = new OpenLoop((client, done) -> starts.countDown(), plan, timings);

        loop.start();

        assertThat(starts.await(10, TimeUnit.SECONDS)).isTrue();
        loop.stop();
        assertThat(loop.inFlight()).isEqualTo(5);
    }
}
