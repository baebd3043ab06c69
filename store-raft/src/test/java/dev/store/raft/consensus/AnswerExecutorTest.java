package dev.store.raft.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.raft.NamedThreads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.ratis.thirdparty.io.netty.util.concurrent.DefaultThreadFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AnswerExecutorTest {
    private final ExecutorService others = Executors.newSingleThreadExecutor(new NamedThreads("peer-answers"));
    private final AnswerExecutor executor = new AnswerExecutor(others);

    @AfterEach
    void close() {
        others.shutdownNow();
    }

    @Test
    void aThreadOfAConnectionDealsWithWhatItReads() {
        CompletableFuture<Boolean> same = new CompletableFuture<>();
        new DefaultThreadFactory("connection", true)
                .newThread(() -> {
                    Thread reader = Thread.currentThread();
                    executor.execute(() -> same.complete(reader.equals(Thread.currentThread())));
                })
                .start();
        assertThat(same.join()).isTrue();
    }

    @Test
    void whoMakesACallIsNotToldOfItsEndWithinIt() {
        CompletableFuture<String> name = new CompletableFuture<>();
        executor.execute(() -> name.complete(Thread.currentThread().getName()));
        assertThat(name.join()).startsWith("peer-answers");
    }
}
