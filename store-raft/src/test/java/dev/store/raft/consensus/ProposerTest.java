package dev.store.raft.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.raft.v1.Command;
import dev.store.raft.v1.CommandResult;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProposerTest {
    private final Command put = Cluster.put("k", "v");
    private final BlockingQueue<PendingBatch> submitted = new LinkedBlockingQueue<>();
    private final Leadership leadership = new Leadership(new Leadership.Listener() {
        @Override
        public void gained(long term) {}

        @Override
        public void lost() {}
    });
    private final Semaphore settled = new Semaphore(0);
    private final Proposer proposer = started(submitted::add);

    private Proposer started(Proposer.Submitter submitter) {
        leadership.gain(1);
        Proposer started = new Proposer(
                "n1",
                ReplicaOptions.Batching.DEFAULT,
                Duration.ofSeconds(30),
                new Proposer.Wiring(
                        Clock.systemUTC(), () -> 0, () -> 0, leadership, submitter, Runnable::run, settled::release));
        started.start();
        return started;
    }

    @AfterEach
    void close() {
        proposer.close();
    }

    @Test
    void commandsThatComeWhileAnEntryIsUnderWayShareTheNextOne() throws Exception {
        var unused = proposer.propose(put);
        PendingBatch first = nextEntry();
        List<CompletableFuture<CommandResult>> others = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            others.add(proposer.propose(put));
        }
        assertThat(first.commands()).isEqualTo(1);
        assertThat(submitted).isEmpty();
        end(first);
        PendingBatch second = nextEntry();
        assertThat(second.commands()).isEqualTo(5);
        end(second);
        assertThat(others).allSatisfy(result -> assertThat(result).isCompleted());
    }

    @Test
    void whoComesAfterASilenceIsProposedAtOnce() throws Exception {
        for (int i = 0; i < 3; i++) {
            CompletableFuture<CommandResult> result = proposer.propose(put);
            end(nextEntry());
            result.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void whenNothingFollowsAnEntryThatIsToldOnce() throws Exception {
        for (int i = 0; i < 3; i++) {
            var unused = proposer.propose(put);
            end(nextEntry());
            assertThat(settled.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(settled.availablePermits()).isZero();
    }

    @Test
    void aLostLeadershipRefusesWhatIsQueuedBehindAnEntryUnderWay() throws Exception {
        var unused = proposer.propose(put);
        nextEntry();
        CompletableFuture<CommandResult> queued = proposer.propose(put);
        leadership.lose();
        proposer.expire();
        assertThat(queued).failsWithin(Duration.ofSeconds(30));
    }

    @Test
    void noCommandIsForgottenWhoeverComesWhen() throws Exception {
        ExecutorService log = Executors.newSingleThreadExecutor();
        Proposer busy = started(batch -> log.execute(() -> end(batch)));
        AtomicInteger answered = new AtomicInteger();
        List<Thread> clients = new ArrayList<>();
        try {
            for (int client = 0; client < 8; client++) {
                Thread thread = new Thread(() -> {
                    for (int i = 0; i < 2_000; i++) {
                        busy.propose(put).join();
                        answered.incrementAndGet();
                    }
                });
                thread.start();
                clients.add(thread);
            }
            for (Thread client : clients) {
                client.join();
            }
            assertThat(answered).hasValue(16_000);
        } finally {
            busy.close();
            log.shutdownNow();
        }
    }

    private PendingBatch nextEntry() throws InterruptedException {
        PendingBatch next = submitted.poll(30, TimeUnit.SECONDS);
        assertThat(next).as("the next entry").isNotNull();
        return next;
    }

    private static void end(PendingBatch batch) {
        batch.applied(Collections.nCopies(batch.commands(), CommandResult.getDefaultInstance()));
    }
}
