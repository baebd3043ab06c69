package dev.store.cli.txn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.store.api.v1.Compare;
import dev.store.api.v1.Delete;
import dev.store.api.v1.KeySelector;
import dev.store.api.v1.KeySpan;
import dev.store.api.v1.Put;
import dev.store.api.v1.Range;
import dev.store.api.v1.Txn;
import dev.store.api.v1.TxnOp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionFormsTest {
    private static final Txn EXPECTED = Txn.newBuilder()
            .addCompares(Compare.newBuilder()
                    .setKeys(key("a b"))
                    .setOperator(Compare.Operator.OPERATOR_GREATER_OR_EQUAL)
                    .setModRevision(17))
            .addCompares(Compare.newBuilder()
                    .setKeys(KeySelector.newBuilder().setPrefix(utf8("p/")))
                    .setOperator(Compare.Operator.OPERATOR_EQUAL)
                    .setValue(utf8("x\ny")))
            .addThen(TxnOp.newBuilder()
                    .setPut(Put.newBuilder()
                            .setKey(utf8("k"))
                            .setValue(ByteString.copyFrom(new byte[] {'v', (byte) 0xff}))
                            .setLeaseId(7)
                            .setReturnPrevious(true)))
            .addThen(TxnOp.newBuilder()
                    .setRange(Range.newBuilder()
                            .setKeys(KeySelector.newBuilder()
                                    .setSpan(KeySpan.newBuilder()
                                            .setStart(utf8("a"))
                                            .setEnd(utf8("c"))))
                            .setLimit(5)))
            .addOtherwise(TxnOp.newBuilder()
                    .setDelete(Delete.newBuilder()
                            .setKeys(KeySelector.newBuilder().setPrefix(utf8("p/")))
                            .setReturnPrevious(true)))
            .build();

    private static ByteString utf8(String text) {
        return ByteString.copyFromUtf8(text);
    }

    private static KeySelector key(String key) {
        return KeySelector.newBuilder().setKey(utf8(key)).build();
    }

    @Test
    void readsThePartsBetweenBlankLines() {
        assertThat(TextForm.parse("""
                # only if nobody was faster
                mod("a b") >= 17
                value(p/ prefix)="x\\ny"

                put k "v\\xff" --lease 7 --prev
                get a c --limit=5

                del p/ --prefix --prev
                """)).isEqualTo(EXPECTED);
    }

    @Test
    void readsThePartsUnderHeadings() {
        assertThat(TextForm.parse("""
                if:
                mod('a b') >= "17"

                value("p/", prefix) == "x\\ny"
                then:
                put k "v\\xff" --prev --lease=7
                get a c --limit 5
                else:
                del p/ --prev --prefix
                """)).isEqualTo(EXPECTED);
    }

    @Test
    void readsJson() {
        assertThat(JsonForm.parse("""
                {"compare": [{"key": "a b", "field": "mod_revision", "op": ">=", "value": 17},
                             {"prefix": "p/", "field": "value", "value": "x\\ny"}],
                 "then": [{"put": {"key": "k", "value_base64": "dv8=", "lease_id": "7", "prev": true}},
                          {"get": {"start": "a", "end": "c", "limit": 5}}],
                 "else": [{"del": {"prefix": "p/", "prev": true}}]}
                """)).isEqualTo(EXPECTED);
    }

    @Test
    void aBlankFirstLineMeansNoCompares() {
        assertThat(TextForm.parse("\nput a b\n"))
                .isEqualTo(Txn.newBuilder()
                        .addThen(TxnOp.newBuilder()
                                .setPut(Put.newBuilder().setKey(utf8("a")).setValue(utf8("b"))))
                        .build());
    }

    @Test
    void existsAndMissingNeedNoOperator() {
        assertThat(TextForm.parse("exists(a)\nmissing(b)\nexists(c) != true\n").getCompares(1))
                .isEqualTo(Compare.newBuilder()
                        .setKeys(key("b"))
                        .setOperator(Compare.Operator.OPERATOR_EQUAL)
                        .setExists(false)
                        .build());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "mod(a) > x          | \"x\" (expected: a whole number)",
                "mod(a)              | an operator",
                "mod(a) ~ 5          | operator: \"~\"",
                "size(a) = 5         | \"size\" (expected: value, version",
                "mod a = 5           | (expected: ()",
                "value(a) = \"b      | has no end",
                "value(a) = \"\\q\"  | escape at column",
                "value(a) = b c      | after the compare",
            })
    void aWrongCompareIsNamedWithItsLine(String line, String message) {
        assertThatThrownBy(() -> TextForm.parse("# comment\n" + line + "\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("line 2: ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "put a          | KEY VALUE",
                "put a b c      | quote what contains blanks",
                "put a b --ttl  | unknown option --ttl",
                "get            | expected KEY",
                "get a b --prefix | expected KEY",
                "get a --limit  | no value",
                "get a --limit x | whole number",
                "cas a b        | put, get or del",
            })
    void aWrongOperationIsNamedWithItsLine(String line, String message) {
        assertThatThrownBy(() -> TextForm.parse("\n" + line + "\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("line 2: ")
                .hasMessageContaining(message);
    }

    @Test
    void aFourthPartIsRefused() {
        assertThatThrownBy(() -> TextForm.parse("exists(a)\n\nput a b\n\nput a c\n\nput a d\n"))
                .hasMessageContaining("a fourth part");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\"compares\": []}",
                "{\"compare\": {}}",
                "{\"then\": [{\"put\": {\"key\": \"a\"}}]}",
                "{\"then\": [{\"put\": {\"key\": \"a\", \"value\": \"b\", \"valve\": 1}}]}",
                "{\"then\": [{\"put\": {\"key\": \"a\", \"value\": \"b\", \"value_base64\": \"YQ==\"}}]}",
                "{\"then\": [{\"put\": {\"key\": \"a\", \"value_base64\": \"%\"}}]}",
                "{\"then\": [{\"get\": {\"key\": \"a\", \"prefix\": \"b\"}}]}",
                "{\"then\": [{}]}",
                "{\"compare\": [{\"key\": \"a\", \"field\": \"mod\"}]}",
                "{\"then\": [{\"txn\": {\"then\": [{\"txn\": {\"then\": [{\"txn\": {\"then\": [{\"txn\": {}}]}}]}}]}}]}"
            })
    void wrongJsonIsRefused(String json) {
        assertThatThrownBy(() -> JsonForm.parse(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("transaction");
    }
}
