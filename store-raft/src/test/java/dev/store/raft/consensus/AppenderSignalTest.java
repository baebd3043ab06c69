package dev.store.raft.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AppenderSignalTest {
    private final AppenderSignal signal = new AppenderSignal("n2");

    @Test
    void aSignalThatComesBeforeTheWaitEndsIt() throws Exception {
        signal.signal();
        assertThat(signal.await(1, TimeUnit.HOURS)).isTrue();
    }

    @Test
    void aSignalEndsOneWaitOnly() throws Exception {
        signal.signal();
        signal.signal();
        assertThat(signal.await(1, TimeUnit.HOURS)).isTrue();
        assertThat(signal.await(1, TimeUnit.MILLISECONDS)).isFalse();
    }

    @Test
    void whoDoesNotWaitHasLookedAtEverythingAllTheSame() throws Exception {
        signal.signal();
        assertThat(signal.await(0, TimeUnit.MILLISECONDS)).isTrue();
        assertThat(signal.await(0, TimeUnit.MILLISECONDS)).isFalse();
    }

    @Test
    void aSignalWakesWhoWaits() {
        CompletableFuture<Boolean> woken = CompletableFuture.supplyAsync(() -> {
            try {
                signal.await();
                return true;
            } catch (InterruptedException e) {
                return false;
            }
        });
        signal.signal();
        assertThat(woken.join()).isTrue();
    }
}
