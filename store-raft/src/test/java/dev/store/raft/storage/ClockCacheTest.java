package dev.store.raft.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ClockCacheTest {
    private final ClockCache<Integer, String> cache = new ClockCache<>(100, (key, value) -> 10);
    private final AtomicInteger loads = new AtomicInteger();

    @Test
    void whatWasLoadedIsNotLoadedAgain() {
        assertThat(load(1)).isEqualTo("loaded 1");
        assertThat(load(1)).isEqualTo("loaded 1");
        assertThat(loads).hasValue(1);
    }

    @Test
    void whatTheSourceHasNotIsAskedForAgain() {
        assertThat(cache.get(1, key -> null)).isNull();
        assertThat(load(1)).isEqualTo("loaded 1");
    }

    @Test
    void putAndTakenAwayShow() {
        load(1);
        cache.put(1, "new");
        assertThat(load(1)).isEqualTo("new");
        cache.put(1, null);
        assertThat(cache.bytes()).isZero();
        assertThat(load(1)).isEqualTo("loaded 1");
    }

    @Test
    void itStaysWithinItsBytesAndKeepsWhatIsUsed() {
        for (int i = 0; i < 1_000; i++) {
            load(7);
            load(1_000 + i);
            assertThat(cache.bytes()).isLessThanOrEqualTo(100);
        }
        loads.set(0);
        load(7);
        assertThat(loads).hasValue(0);
    }

    @Test
    void aCacheOfNothingAlwaysAsks() {
        ClockCache<Integer, String> none = new ClockCache<>(0, (key, value) -> 10);
        none.put(1, "put");
        assertThat(none.get(1, key -> "asked")).isEqualTo("asked");
        assertThat(none.bytes()).isZero();
    }

    @Test
    void aValueThatWasReadBeforeAPutIsNotStoredAfterIt() throws InterruptedException {
        CountDownLatch read = new CountDownLatch(1);
        CountDownLatch proceed = new CountDownLatch(1);
        AtomicReference<String> shown = new AtomicReference<>();
        Thread reader = new Thread(() -> shown.set(cache.get(1, key -> {
            read.countDown();
            await(proceed);
            return "old";
        })));
        Thread writer = new Thread(() -> cache.put(1, "new"));
        reader.start();
        await(read);
        writer.start();
        proceed.countDown();
        reader.join();
        writer.join();
        assertThat(shown).hasValue("old");
        assertThat(load(1)).isEqualTo("new");
    }

    private @Nullable String load(int key) {
        return cache.get(key, k -> {
            loads.incrementAndGet();
            return "loaded " + k;
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
