package dev.store.raft.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.raft.NamedThreads;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PeerExecutorTest {
    private final PeerExecutor executor = new PeerExecutor(new NamedThreads("peer-calls"));

    @AfterEach
    void close() {
        executor.close();
    }

    @Test
    void whileALeaderIsFollowedItsEntriesAreTakenByTheThreadThatReadThem() {
        executor.inlineWhile(() -> true);
        assertThat(threadOfATask()).isEqualTo(Thread.currentThread().getName());
    }

    @Test
    void whereAnElectionMayHaveToEndFirstTheThreadThatReadsIsNotHeldUp() {
        executor.inlineWhile(() -> false);
        assertThat(threadOfATask()).startsWith("peer-calls");
    }

    private String threadOfATask() {
        CompletableFuture<String> name = new CompletableFuture<>();
        executor.execute(() -> name.complete(Thread.currentThread().getName()));
        return name.join();
    }
}
