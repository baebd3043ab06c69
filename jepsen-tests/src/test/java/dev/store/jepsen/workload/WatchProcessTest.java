package dev.store.jepsen.workload;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.store.jepsen.cluster.RigException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WatchProcessTest {
    @Test
    void whoNeedsToSeeNothingIsStillWaitedForUntilANodeHasAnswered() {
        try (WatchProcess watcher = new WatchProcess("watcher 12", "watch/", 200, () -> {
            throw new RigException("no node runs");
        })) {
            assertThatThrownBy(() -> watcher.awaitRevision(29, Duration.ofMillis(200)))
                    .isInstanceOf(RigException.class)
                    .hasMessageMatching("(?s).*did not come.*(cannot connect: .*){2}")
                    .hasMessageContaining("no node runs");
        }
    }
}
