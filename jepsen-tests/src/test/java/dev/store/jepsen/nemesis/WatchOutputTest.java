package dev.store.jepsen.nemesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.store.jepsen.cluster.RigException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchOutputTest {
    private static final String COMPACTED = "{\"error\":{\"code\":\"COMPACTED\",\"message\":\"start_revision: 7\"}}";

    @Test
    void onlyPutsThatAreCompleteCount() {
        assertThat(WatchOutput.revisions(List.of(
                        "{\"type\":\"created\",\"start_revision\":3}",
                        "store: this watch is slow",
                        put(4),
                        "{\"type\":\"delete\",\"revision\":5}",
                        "{\"type\":\"put\",\"revi")))
                .containsExactly(4L);
    }

    @Test
    void whoWasToldOfAllIsAllRight() {
        assertThat(judge(List.of(4L, 6L), put(4), put(5), put(6))).contains("all 2 revisions");
    }

    @Test
    void aRevisionThatIsMissingIsNamed() {
        assertThatThrownBy(() -> judge(List.of(4L, 5L, 6L), put(4), put(6)))
                .isInstanceOf(RigException.class)
                .hasMessageContaining("never told of revision 5");
    }

    @Test
    void aRevisionThatComesTwiceIsNamed() {
        assertThatThrownBy(() -> judge(List.of(4L, 5L), put(4), put(5), put(5)))
                .isInstanceOf(RigException.class)
                .hasMessageContaining("revision 5 after 5");
    }

    @Test
    void whoEndsEarlyMustSayThatTheRestWasCompacted() {
        assertThat(judge(List.of(4L, 9L), put(4), COMPACTED)).contains("up to 4");
        assertThatThrownBy(() -> judge(List.of(4L, 9L), put(4)))
                .isInstanceOf(RigException.class)
                .hasMessageContaining("ended at revision 4 of 9");
    }

    private static String judge(List<Long> written, String... lines) {
        return WatchOutput.judge("a watcher", written, new ArrayList<>(List.of(lines)));
    }

    private static String put(long revision) {
        return "{\"type\":\"put\",\"revision\":" + revision + ",\"entry\":{}}";
    }
}
