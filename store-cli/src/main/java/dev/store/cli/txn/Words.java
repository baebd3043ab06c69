package dev.store.cli.txn;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Splits a line of a transaction into words, quoted strings and marks. */
final class Words {
    private static final String MARKS = "()=!<>,";

    private Words() {}

    /**
     * A piece of a line.
     *
     * @param text what it says, escapes undone
     * @param quoted whether it stood in quotes, and so is surely no mark, keyword or option
     */
    record Word(ByteString text, boolean quoted) {
        boolean is(String plain) {
            return !quoted && text.equals(ByteString.copyFromUtf8(plain));
        }

        String string() {
            return text.toStringUtf8();
        }
    }

    /**
     * @param marks whether the characters {@code ()=!<>,} are words by themselves, as in a compare
     */
    static List<Word> of(String line, boolean marks) {
        List<Word> words = new ArrayList<>();
        int at = 0;
        while (at < line.length()) {
            char c = line.charAt(at);
            if (c == ' ' || c == '\t') {
                at++;
            } else if (c == '"' || c == '\'') {
                at = quoted(line, at, words);
            } else if (marks && MARKS.indexOf(c) >= 0) {
                boolean two = at + 1 < line.length() && line.charAt(at + 1) == '=' && "=!<>".indexOf(c) >= 0;
                words.add(plain(line.substring(at, at + (two ? 2 : 1))));
                at += two ? 2 : 1;
            } else {
                int end = at;
                while (end < line.length() && !ends(line.charAt(end), marks)) {
                    end++;
                }
                words.add(plain(line.substring(at, end)));
                at = end;
            }
        }
        return words;
    }

    private static boolean ends(char c, boolean marks) {
        return c == ' ' || c == '\t' || c == '"' || c == '\'' || (marks && MARKS.indexOf(c) >= 0);
    }

    private static Word plain(String text) {
        return new Word(ByteString.copyFromUtf8(text), false);
    }

    private static int quoted(String line, int start, List<Word> words) {
        char quote = line.charAt(start);
        ByteString.Output bytes = ByteString.newOutput();
        int at = start + 1;
        while (at < line.length() && line.charAt(at) != quote) {
            char c = line.charAt(at);
            if (c == '\\' && quote == '"') {
                at = escaped(line, at, bytes);
            } else {
                int end = line.offsetByCodePoints(at, 1);
                write(bytes, line.substring(at, end));
                at = end;
            }
        }
        if (at >= line.length()) {
            throw new IllegalArgumentException("the quote at column " + (start + 1) + " has no end");
        }
        words.add(new Word(bytes.toByteString(), true));
        return at + 1;
    }

    private static int escaped(String line, int at, ByteString.Output bytes) {
        char kind = at + 1 < line.length() ? line.charAt(at + 1) : ' ';
        switch (kind) {
            case 'n' -> bytes.write('\n');
            case 'r' -> bytes.write('\r');
            case 't' -> bytes.write('\t');
            case '"', '\\' -> bytes.write(kind);
            case 'x' -> {
                int high = at + 3 < line.length() ? Character.digit(line.charAt(at + 2), 16) : -1;
                int low = at + 3 < line.length() ? Character.digit(line.charAt(at + 3), 16) : -1;
                if (high < 0 || low < 0) {
                    throw badEscape(at);
                }
                bytes.write(high << 4 | low);
                return at + 4;
            }
            default -> throw badEscape(at);
        }
        return at + 2;
    }

    private static IllegalArgumentException badEscape(int at) {
        return new IllegalArgumentException(
                "the escape at column " + (at + 1) + " is unknown (expected: \\n, \\r, \\t, \\\", \\\\ or \\xNN)");
    }

    private static void write(ByteString.Output bytes, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        bytes.write(utf8, 0, utf8.length);
    }
}
