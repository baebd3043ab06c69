package dev.store.server.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.ConfigType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentTest {
    private static final EntryName ENTRY = new EntryName("default", "g", "n");

    private static StoreException malformed(ConfigType type, String content) {
        try {
            Content.check(ENTRY, type, ByteString.copyFromUtf8(content));
        } catch (StoreException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.CONTENT_MALFORMED);
            assertThat(e).hasMessageContaining("g/n").hasMessageContaining("expected: well-formed");
            return e;
        }
        throw new AssertionError("taken for well-formed " + type);
    }

    private static String tree(ConfigType type, String content) {
        return String.valueOf(Content.tree(ENTRY, type, ByteString.copyFromUtf8(content)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "JSON       | '{\"a\":1,}'              | 1",
                "JSON       | '{\"a\":1,\n\"a\":2}'     | 2",
                "JSON       | '{} x'                    | 1",
                "JSON       | ''                        | 1",
                "YAML       | 'a: 1\na: 2'              | 2",
                "YAML       | 'a: 1\nb: [1'             | 2",
                "TOML       | 'a = 1\nb = '             | 2",
                "PROPERTIES | 'a=1\nb=\\u00g0'          | 2",
                "XML        | '<a>\n</b>'               | 2",
                "XML        | '<!DOCTYPE a><a/>'        | 1"
            })
    void theLineOfWhatIsWrongIsGiven(String type, String content, String line) {
        assertThat(malformed(ConfigType.valueOf("CONFIG_TYPE_" + type), content).details())
                .containsEntry("line", line);
    }

    @Test
    void structuredContentBecomesATree() {
        assertThat(tree(ConfigType.CONFIG_TYPE_YAML, "a: {b: [1, x, true, null, 1.5]}"))
                .isEqualTo("{\"a\":{\"b\":[1,\"x\",true,null,1.5]}}");
        assertThat(tree(ConfigType.CONFIG_TYPE_TOML, "[a]\nb = [1, 2]")).isEqualTo("{\"a\":{\"b\":[1,2]}}");
        assertThat(tree(ConfigType.CONFIG_TYPE_PROPERTIES, "b=1\na.c=2")).isEqualTo("{\"a.c\":\"2\",\"b\":\"1\"}");
        assertThat(tree(ConfigType.CONFIG_TYPE_YAML, "a: 1\n---\nb: 2")).isEqualTo("null");
        assertThat(tree(ConfigType.CONFIG_TYPE_XML, "<a/>")).isEqualTo("null");
        assertThat(tree(ConfigType.CONFIG_TYPE_YAML, "a: &x [1]\nb: *x")).isEqualTo("{\"a\":[1],\"b\":[1]}");
    }

    @Test
    void aFewAliasesThatStandForVeryMuchAreRefused() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i <= 4; i++) {
            String alias = "*a" + (i - 1);
            bomb.append(
                    "a" + i + ": &a" + i + " [" + String.join(",", java.util.Collections.nCopies(12, alias)) + "]\n");
        }

        malformed(ConfigType.CONFIG_TYPE_YAML, bomb.toString());
    }

    @Test
    void whatContainsItselfIsRefused() {
        malformed(ConfigType.CONFIG_TYPE_YAML, "&a [*a]");
        malformed(ConfigType.CONFIG_TYPE_YAML, "a: &a {b: *a}");
    }

    @Test
    void whatIsNestedTooDeepIsRefusedInEveryType() {
        int depth = 50_000;
        malformed(ConfigType.CONFIG_TYPE_JSON, "[".repeat(depth) + "]".repeat(depth));
        malformed(ConfigType.CONFIG_TYPE_YAML, "[".repeat(depth) + "]".repeat(depth));
        malformed(ConfigType.CONFIG_TYPE_TOML, "a = " + "[".repeat(depth) + "]".repeat(depth));
        malformed(ConfigType.CONFIG_TYPE_TOML, "a" + ".a".repeat(depth) + " = 1");
        malformed(ConfigType.CONFIG_TYPE_XML, "<a>".repeat(depth) + "</a>".repeat(depth));
    }

    @Test
    void tooManyValuesAreRefused() {
        malformed(ConfigType.CONFIG_TYPE_JSON, "[" + "1,".repeat(200_001) + "1]");
        malformed(ConfigType.CONFIG_TYPE_XML, "<a>" + "<b/>".repeat(200_001) + "</a>");
    }

    @Test
    void nothingIsReadFromOutside() {
        malformed(ConfigType.CONFIG_TYPE_XML, "<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><a>&e;</a>");
        malformed(ConfigType.CONFIG_TYPE_XML, "<a>&undeclared;</a>");
        // A tag that would make an object of a class is only text, or refused, but never one.
        assertThatThrownBy(() -> tree(ConfigType.CONFIG_TYPE_YAML, "!!javax.script.ScriptEngineManager [x]"))
                .isInstanceOf(StoreException.class);
    }

    @Test
    void bytesThatAreNotUtf8AreRefusedWithTheirPlace() {
        ByteString content = ByteString.copyFromUtf8("ab\ncd").concat(ByteString.copyFrom(new byte[] {(byte) 0xc3}));

        assertThatThrownBy(() -> Content.check(ENTRY, ConfigType.CONFIG_TYPE_TEXT, content))
                .hasMessageContaining("line 2, column 3")
                .hasMessageContaining("0xc3");
    }
}
