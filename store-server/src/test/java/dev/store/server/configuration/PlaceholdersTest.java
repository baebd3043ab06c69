package dev.store.server.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.ConfigEntry;
import dev.store.api.v1.ConfigType;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlaceholdersTest {
    private final Map<String, ConfigEntry> entries = new HashMap<>();

    private void entry(String name, ConfigType type, String content) {
        entries.put(
                name,
                ConfigEntry.newBuilder()
                        .setType(type)
                        .setContent(ByteString.copyFromUtf8(content))
                        .build());
    }

    private String resolve(String content) {
        return new Placeholders("default", name -> entries.get(name.toString()))
                .resolve(new EntryName("default", "g", "self"), content);
    }

    private void unresolved(String content, String... words) {
        assertThatThrownBy(() -> resolve(content))
                .isInstanceOfSatisfying(StoreException.class, error -> assertThat(error.code())
                        .isEqualTo(ErrorCode.PLACEHOLDER_UNRESOLVED))
                .hasMessageContainingAll(words);
    }

    @Test
    void valuesAreFoundByPathPointerAndWholeContent() {
        entry("g/y", ConfigType.CONFIG_TYPE_YAML, "db: {hosts: [a, b], port: 1}\n'x.y': 2");
        entry("g/p", ConfigType.CONFIG_TYPE_PROPERTIES, "a.b.c=7\na.b=6");
        entry("g/t", ConfigType.CONFIG_TYPE_TEXT, "whole");

        assertThat(resolve("${g/y:db.hosts[1]}")).isEqualTo("b");
        assertThat(resolve("${g/y:/db/hosts/0}")).isEqualTo("a");
        assertThat(resolve("${g/y:x.y}")).isEqualTo("2");
        assertThat(resolve("${g/y:db}")).isEqualTo("{\"hosts\":[\"a\",\"b\"],\"port\":1}");
        assertThat(resolve("${g/p:a.b.c} ${g/p:a.b}")).isEqualTo("7 6");
        assertThat(resolve("<${g/t}>")).isEqualTo("<whole>");
    }

    @Test
    void whatIsNoReferenceStaysAsItIs() {
        for (String text :
                new String[] {"", "$", "${", "${}", "${HOME}", "${a b/c}", "${g/n", "$1", "${a/b/c}", "a$$b", "${ä/b}"
                }) {
            assertThat(resolve(text)).isEqualTo(text);
        }
    }

    @Test
    void anEscapedOneIsLeftWithoutItsDollar() {
        assertThat(resolve("$${g/n:k} $${x}")).isEqualTo("${g/n:k} ${x}");
    }

    @Test
    void valuesMayHoldPlaceholdersThemselves() {
        entry("g/a", ConfigType.CONFIG_TYPE_PROPERTIES, "k=1${g/b:k}");
        entry("g/b", ConfigType.CONFIG_TYPE_PROPERTIES, "k=2${g/c}");
        entry("g/c", ConfigType.CONFIG_TYPE_TEXT, "3");

        assertThat(resolve("${g/a:k}${g/a:k}")).isEqualTo("123123");
    }

    @Test
    void twoKeysOfOneEntryAreNoCycle() {
        entry("g/a", ConfigType.CONFIG_TYPE_PROPERTIES, "x=${g/a:y}\ny=1");

        assertThat(resolve("${g/a:x}")).isEqualTo("1");
    }

    @Test
    void cyclesAreNamed() {
        entry("g/a", ConfigType.CONFIG_TYPE_PROPERTIES, "k=${g/b:k}");
        entry("g/b", ConfigType.CONFIG_TYPE_PROPERTIES, "k=${g/a:k}");

        unresolved("${g/a:k}", "g/a:k -> g/b:k -> g/a:k");
        unresolved("${g/self}", "g/self -> g/self");
    }

    @Test
    void whatIsMissingIsNamedWithTheEntryThatWantsIt() {
        entry("g/a", ConfigType.CONFIG_TYPE_TEXT, "${g/gone}");

        unresolved("${g/a}", "${g/gone} in g/a");
        unresolved("${g/a:key}", "${g/a:key} in g/self", "key that exists");
    }

    @Test
    void whatWouldGrowWithoutBoundIsRefused() {
        entry("g/l0", ConfigType.CONFIG_TYPE_TEXT, "x".repeat(1_000));
        for (int i = 1; i < 10; i++) {
            entry("g/l" + i, ConfigType.CONFIG_TYPE_TEXT, ("${g/l" + (i - 1) + "}").repeat(10));
        }
        unresolved("${g/l9}", "more than");

        for (int i = 1; i < 20; i++) {
            entry("g/d" + i, ConfigType.CONFIG_TYPE_TEXT, "${g/d" + (i + 1) + "}");
        }
        unresolved("${g/d1}", "nested deeper than 16");
    }
}
