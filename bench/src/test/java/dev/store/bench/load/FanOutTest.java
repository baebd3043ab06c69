package dev.store.bench.load;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class FanOutTest {
    @Test
    void watchThatCannotBeOpenedIsAnErrorAtOnce() {
        FanOut.Wire oneIsRefused = new FanOut.Wire() {
            @Override
            public void watch(int watchers, FanOut.Arrivals arrivals) {
                arrivals.opened();
                arrivals.failed("UNAVAILABLE");
            }

            @Override
            public void put(int client, ByteString value, Operation.Done done) {}

            @Override
            public void close() {}
        };
        FanOut watch = new FanOut(oneIsRefused, LoadSettings.standard(10, 256, 2), 1, new Timings());

        assertThatThrownBy(watch::prepare)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a watch ended before all 2 were open: UNAVAILABLE");
    }
}
