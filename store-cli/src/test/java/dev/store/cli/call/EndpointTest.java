package dev.store.cli.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    @Test
    void readsHostsWithAndWithoutPort() {
        assertThat(Endpoint.parseList("a, 10.0.0.1:7410 ,[::1]:7420,http://b:1"))
                .containsExactly(
                        new Endpoint("a", 7400),
                        new Endpoint("10.0.0.1", 7410),
                        new Endpoint("::1", 7420),
                        new Endpoint("b", 1));
        assertThat(new Endpoint("::1", 7420)).hasToString("[::1]:7420");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a:", "a:x", "a:0", "a:65536", "::1", "[::1", "[::1]7", "a/b:1", ":7400", "https://a:1"})
    void refusesWhatIsNoEndpointAndNamesIt(String text) {
        assertThatThrownBy(() -> Endpoint.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + text + "\"");
    }

    @Test
    void refusesAnEmptyList() {
        assertThatThrownBy(() -> Endpoint.parseList(" , "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: 1 to 100");
    }
}
