package dev.store.cli.txn;

import com.google.protobuf.ByteString;
import dev.store.api.v1.Compare;
import dev.store.api.v1.KeySelector;
import java.util.List;

/** A compare: {@code mod("key") > 5}, {@code value("a/", prefix) = "x"}, {@code exists("key")}. */
final class CompareLine {
    private static final String FIELDS = "value, version, create, mod, lease, exists or missing";

    private CompareLine() {}

    static Compare parse(List<Words.Word> words) {
        int at = 0;
        String field = word(words, at++, "one of " + FIELDS).string();
        expect(words, at++, "(");
        ByteString key = word(words, at++, "a key").text();
        boolean prefix = false;
        if (at < words.size() && words.get(at).is(",")) {
            at++;
        }
        if (at < words.size() && words.get(at).is("prefix")) {
            prefix = true;
            at++;
        }
        expect(words, at++, ")");
        Compare.Builder compare = Compare.newBuilder();
        KeySelector.Builder keys = KeySelector.newBuilder();
        compare.setKeys(prefix ? keys.setPrefix(key) : keys.setKey(key));
        if (at == words.size() && (field.equals("exists") || field.equals("missing"))) {
            return compare.setOperator(Compare.Operator.OPERATOR_EQUAL)
                    .setExists(field.equals("exists"))
                    .build();
        }
        compare.setOperator(operator(word(words, at++, "an operator").string()));
        target(compare, field, word(words, at++, "what to compare with"));
        if (at < words.size()) {
            throw new IllegalArgumentException(
                    "\"" + words.get(at).string() + "\" after the compare (expected: nothing)");
        }
        return compare.build();
    }

    static void target(Compare.Builder compare, String field, Words.Word right) {
        switch (field) {
            case "value", "val" -> compare.setValue(right.text());
            case "version", "ver" -> compare.setVersion(Options.parse(field, right.string()));
            case "create", "c", "create_revision" -> compare.setCreateRevision(Options.parse(field, right.string()));
            case "mod", "m", "mod_revision" -> compare.setModRevision(Options.parse(field, right.string()));
            case "lease", "lease_id" -> compare.setLeaseId(Options.parse(field, right.string()));
            case "exists" -> {
                String text = right.string();
                if (!text.equals("true") && !text.equals("false")) {
                    throw new IllegalArgumentException("exists: \"" + text + "\" (expected: true or false)");
                }
                compare.setExists(text.equals("true"));
            }
            default -> throw new IllegalArgumentException("\"" + field + "\" (expected: " + FIELDS + ")");
        }
    }

    static Compare.Operator operator(String text) {
        return switch (text) {
            case "=", "==" -> Compare.Operator.OPERATOR_EQUAL;
            case "!=" -> Compare.Operator.OPERATOR_NOT_EQUAL;
            case "<" -> Compare.Operator.OPERATOR_LESS;
            case "<=" -> Compare.Operator.OPERATOR_LESS_OR_EQUAL;
            case ">" -> Compare.Operator.OPERATOR_GREATER;
            case ">=" -> Compare.Operator.OPERATOR_GREATER_OR_EQUAL;
            default ->
                throw new IllegalArgumentException("operator: \"" + text + "\" (expected: =, !=, <, <=, > or >=)");
        };
    }

    private static Words.Word word(List<Words.Word> words, int at, String expected) {
        if (at >= words.size()) {
            throw new IllegalArgumentException("the line ends too early (expected: " + expected + ")");
        }
        return words.get(at);
    }

    private static void expect(List<Words.Word> words, int at, String mark) {
        if (!word(words, at, mark).is(mark)) {
            throw new IllegalArgumentException("\"" + words.get(at).string() + "\" (expected: " + mark + ")");
        }
    }
}
