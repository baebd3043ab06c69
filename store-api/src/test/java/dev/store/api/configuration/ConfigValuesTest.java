package dev.store.api.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.store.api.v1.ConfigEntry;
import dev.store.api.v1.ConfigType;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigValuesTest {
    private static ConfigValues of(ConfigType type, String content) {
        return ConfigValues.of(ConfigEntry.newBuilder()
                .setType(type)
                .setContent(ByteString.copyFromUtf8(content))
                .build());
    }

    private static ConfigValues json(String content) {
        return of(ConfigType.CONFIG_TYPE_JSON, content);
    }

    @Test
    void jsonIsReadIntoPlainValues() {
        assertThat(JsonText.parse(" {\"a\": [1, -2.5, 1e3, true, null, \"x\\n\\u0041\\\"\"], \"b\": {}} "))
                .isEqualTo(Map.of("a", Arrays.asList(1L, -2.5, 1000.0, true, null, "x\nA\""), "b", Map.of()));
        assertThat(JsonText.parse("12345678901234567890")).isEqualTo(new BigInteger("12345678901234567890"));
        assertThat(JsonText.parse("[]")).isEqualTo(List.of());
    }

    @Test
    void whatIsNoJsonIsRefusedWithThePlace() {
        for (String bad : new String[] {
            "", "{", "[1,", "{\"a\"}", "\"x", "tru", "1 2", "[1]]", "\"\\x\"", "\"\\u12\"", "--", "[".repeat(600)
        }) {
            assertThatThrownBy(() -> JsonText.parse(bad))
                    .as(bad)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("character")
                    .hasMessageContaining("expected: ");
        }
    }

    @Test
    void valuesAreFoundByPathAlsoWhereNamesHoldDots() {
        ConfigValues values = json("{\"a\":{\"b\":[{\"c\":1}]},\"x.y\":2,\"n\":null}");

        assertThat(values.integer("a.b[0].c", 0)).isEqualTo(1);
        assertThat(values.integer("x.y", 0)).isEqualTo(2);
        assertThat(values.find("n")).isEmpty();
        assertThat(values.find("a.b[1].c")).isEmpty();
        assertThat(values.find("a.b[x]")).isEmpty();
        assertThat(of(ConfigType.CONFIG_TYPE_PROPERTIES, "a.b=1\na.b.c=2").string("a.b.c", ""))
                .isEqualTo("2");
    }

    @Test
    void valuesOfAnotherTypeAreRefusedWithKeyAndValue() {
        ConfigValues values = json("{\"a\":\"ten\",\"o\":{}}");

        assertThatThrownBy(() -> values.integer("a", 0)).hasMessage("a: \"ten\" (expected: a whole number)");
        assertThatThrownBy(() -> values.bool("a", false)).hasMessageContaining("true or false");
        assertThatThrownBy(() -> values.duration("a", Duration.ZERO)).hasMessageContaining("a duration");
        assertThatThrownBy(() -> values.number("a", 0)).hasMessageContaining("a number");
        assertThatThrownBy(() -> values.string("o")).hasMessageContaining("a single value");
        assertThatThrownBy(() -> values.list("o")).hasMessageContaining("a list");
        assertThatThrownBy(() -> of(ConfigType.CONFIG_TYPE_TEXT, "x")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void durationsAndListsAreReadAsPeopleWriteThem() {
        ConfigValues values = of(ConfigType.CONFIG_TYPE_PROPERTIES, "a=250ms\nb=5m\nc=PT2H\nl=x, y,,z");

        assertThat(values.duration("a", Duration.ZERO)).isEqualTo(Duration.ofMillis(250));
        assertThat(values.duration("b", Duration.ZERO)).isEqualTo(Duration.ofMinutes(5));
        assertThat(values.duration("c", Duration.ZERO)).isEqualTo(Duration.ofHours(2));
        assertThat(values.duration("d", Duration.ZERO)).isEqualTo(Duration.ZERO);
        assertThat(values.list("l")).containsExactly("x", "y", "z");
        assertThat(values.list("none")).isEmpty();
    }
}
