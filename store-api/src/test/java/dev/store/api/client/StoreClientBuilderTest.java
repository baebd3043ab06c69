package dev.store.api.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings are checked where they are given, with what was given and what is expected. */
class StoreClientBuilderTest {
    @Test
    void endpointsAreTakenWithSpacesAndOnce() {
        try (StoreClient client =
                StoreClient.builder().endpoints(" a:1, [::1]:2 ,a:1,").inOrder().build()) {
            assertThat(client.endpoints()).isEqualTo(List.of("a:1", "[::1]:2"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " , ",
                "host",
                ":7400",
                "host:",
                "host:0",
                "host:65536",
                "host:99999999999",
                "host:-1",
                "::1:7400",
                "http://host:7400",
                "host:74a0"
            })
    void whatIsNoEndpointIsRefused(String endpoints) {
        assertThatThrownBy(() -> StoreClient.connect(endpoints))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected");
    }

    @Test
    void theLargestPortIsAnEndpoint() {
        try (StoreClient client = StoreClient.connect("host:65535")) {
            assertThat(client.endpoints()).containsExactly("host:65535");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "A", "a_b", "a/b"})
    void whatIsNoNamespaceIsRefused(String namespace) {
        StoreClientBuilder builder = StoreClient.builder();

        assertThatThrownBy(() -> builder.namespace(namespace)).hasMessageContaining("namespace: \"" + namespace + "\"");
    }

    @Test
    void aNamespaceMayBeSixtyThreeCharactersLong() {
        StoreClientBuilder builder = StoreClient.builder().namespace("a".repeat(63));

        assertThatThrownBy(() -> builder.namespace("a".repeat(64))).hasMessageContaining("1 to 63");
    }

    @Test
    void aTimeoutIsPositiveAndFarBelowTheMembersMemoryOfAnswers() {
        StoreClientBuilder builder = StoreClient.builder().timeout(Duration.ofMinutes(5));

        assertThatThrownBy(() -> builder.timeout(Duration.ZERO)).hasMessageContaining("PT0S");
        assertThatThrownBy(() -> builder.timeout(Duration.ofMinutes(5).plusNanos(1)))
                .hasMessageContaining("PT5M");
    }
}
