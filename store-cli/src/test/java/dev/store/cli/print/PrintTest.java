package dev.store.cli.print;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrintTest {
    private static final ByteString NO_TEXT = ByteString.copyFrom(new byte[] {(byte) 0xff, 'a', 0});

    @Test
    void jsonNestsAndEscapes() {
        String text = new Json()
                .object()
                .field("a", "x\"\\\n\u0001\u001b")
                .field("b", 5)
                .array("c")
                .element("y")
                .object()
                .field("d", true)
                .endObject()
                .endArray()
                .object("e")
                .endObject()
                .id("f", -1)
                .endObject()
                .take();

        assertThat(text)
                .isEqualTo("{\"a\":\"x\\\"\\\\\\n\\u0001\\u001b\",\"b\":5,\"c\":[\"y\",{\"d\":true}],\"e\":{},"
                        + "\"f\":\"18446744073709551615\"}");
    }

    @Test
    void bytesThatAreNoTextAreGivenInBase64() {
        assertThat(new Json()
                        .object()
                        .bytes("key", NO_TEXT)
                        .bytes("value", ByteString.copyFromUtf8("ä"))
                        .endObject()
                        .take())
                .isEqualTo("{\"key_base64\":\"/2EA\",\"value\":\"ä\"}");
    }

    @Test
    void aLineOfTheScreenHasNoControlCharacters() {
        assertThat(Text.line(ByteString.copyFromUtf8("a\tb\n\u001b[2Jé\u009b\\")))
                .isEqualTo("a\\tb\\n\\x1b[2Jé\\x9b\\\\");
        assertThat(Text.line(NO_TEXT)).isEqualTo("\\xffa\\x00");
    }

    @Test
    void sizesAndTimesAreShort() {
        assertThat(Text.bytes(0)).isEqualTo("0 B");
        assertThat(Text.bytes(1023)).isEqualTo("1023 B");
        assertThat(Text.bytes(1536)).isEqualTo("1.5 KiB");
        assertThat(Text.bytes(1L << 20)).isEqualTo("1 MiB");
        assertThat(Text.bytes(123L << 30)).isEqualTo("123 GiB");
        assertThat(Text.duration(850)).isEqualTo("850 ms");
        assertThat(Text.duration(60_000)).isEqualTo("1 min");
        assertThat(Text.duration(200_000)).isEqualTo("3 min 20 s");
        assertThat(Text.duration(90_000_000)).isEqualTo("1 d 1 h");
    }

    @Test
    void aTableIsAsWideAsItMust() {
        Table table = new Table(1, "KEY", "VALUE").row("a", "1").row("long key", "2");

        assertThat(table.render(0, true)).isEqualTo("""
                KEY        VALUE
                a          1
                long key   2
                """);
    }

    @Test
    void aTableFitsTheTerminalByCuttingItsFlexibleColumn() {
        Table table = new Table(1, "KEY", "VALUE", "REV").row("k", "x".repeat(100), "7");

        assertThat(table.render(40, true).lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(40));
        assertThat(table.render(40, true)).contains("x…").contains("   7\n");
        assertThat(table.render(0, true)).contains("x".repeat(100));
    }

    @Test
    void coloursAreForTerminalsThatWantThem() {
        assertThat(Terminal.of(Map.of("STORE_TTY", "out,err")).colours()).isTrue();
        assertThat(Terminal.of(Map.of("STORE_TTY", "out", "NO_COLOR", "1")).colours())
                .isFalse();
        assertThat(Terminal.of(Map.of("STORE_TTY", "out", "TERM", "dumb")).colours())
                .isFalse();
        assertThat(Terminal.of(Map.of("STORE_TTY", "err")).colours()).isFalse();
        assertThat(Terminal.of(Map.of()).columns()).isEqualTo(80);
        assertThat(Terminal.of(Map.of("STORE_COLUMNS", "132")).columns()).isEqualTo(132);
        assertThat(Terminal.of(Map.of("STORE_COLUMNS", "x")).columns()).isEqualTo(80);
    }
}
