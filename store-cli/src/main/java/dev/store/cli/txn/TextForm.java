package dev.store.cli.txn;

import com.google.protobuf.ByteString;
import dev.store.api.v1.Txn;
import dev.store.api.v1.TxnOp;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a transaction from lines: compares, a blank line, what to do if all of them hold, a blank line, what to do
 * otherwise. Instead of blank lines, {@code if}, {@code then} and {@code else} may head the parts. Lines that start
 * with {@code #} are comments.
 */
public final class TextForm {
    private TextForm() {}

    /** The transaction; an error names the line. */
    public static Txn parse(String text) {
        Txn.Builder txn = Txn.newBuilder();
        List<String> lines = text.lines().toList();
        boolean headed = lines.stream().anyMatch(line -> part(line) >= 0);
        int part = 0;
        boolean partHasLines = false;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.startsWith("#")) {
                continue;
            }
            if (headed) {
                if (part(line) >= 0) {
                    part = part(line);
                    continue;
                }
                if (line.isEmpty()) {
                    continue;
                }
            } else if (line.isEmpty()) {
                // As in etcdctl's form, a blank first line means: no compares.
                if (partHasLines || part == 0) {
                    part++;
                    partHasLines = false;
                }
                continue;
            }
            partHasLines = true;
            add(txn, part, line, i + 1);
        }
        return txn.build();
    }

    private static int part(String line) {
        return switch (line.strip()) {
            case "if", "if:", "compares:" -> 0;
            case "then", "then:", "success requests:" -> 1;
            case "else", "else:", "failure requests:" -> 2;
            default -> -1;
        };
    }

    private static void add(Txn.Builder txn, int part, String line, int number) {
        try {
            switch (part) {
                case 0 -> txn.addCompares(CompareLine.parse(Words.of(line, true)));
                case 1 -> txn.addThen(operation(line));
                case 2 -> txn.addOtherwise(operation(line));
                default ->
                    throw new IllegalArgumentException(
                            "a fourth part (expected: at most compares, then and else, with one blank line between)");
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("line " + number + ": " + e.getMessage() + "\n  " + line);
        }
    }

    private static TxnOp operation(String line) {
        List<Words.Word> words = Words.of(line, false);
        List<ByteString> parameters = new ArrayList<>();
        Options options = new Options();
        for (int i = 1; i < words.size(); i++) {
            Words.Word word = words.get(i);
            boolean option = !word.quoted() && word.string().startsWith("--");
            if (!option) {
                parameters.add(word.text());
            } else if (options.takesValue(word.string()) && word.string().indexOf('=') < 0) {
                if (i + 1 == words.size()) {
                    throw new IllegalArgumentException(word.string() + ": no value (expected: one)");
                }
                options.add(word.string(), words.get(++i).string());
            } else {
                options.add(word.string(), "");
            }
        }
        return Operations.of(words.get(0).string(), parameters, options);
    }
}
