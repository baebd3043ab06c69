package dev.store.jepsen.history;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The part of EDN that histories need: nil, booleans, integers, strings, keywords, vectors, and maps by keyword. */
final class Edn {
    private final String text;
    private int at;

    private Edn(String text) {
        this.text = text;
    }

    /** The text of a value; the keys of maps are written as keywords. */
    static String write(@Nullable Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    /** The value of a text; throws IllegalArgumentException naming the place where it is not understood. */
    static @Nullable Object read(String text) {
        Edn reader = new Edn(text);
        Object value = reader.value();
        reader.skipBlanks();
        if (reader.at < text.length()) {
            throw reader.unexpected("the end");
        }
        return value;
    }

    private static void write(@Nullable Object value, StringBuilder out) {
        if (value == null) {
            out.append("nil");
        } else if (value instanceof Map<?, ?> map) {
            out.append('{');
            String separator = "";
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.append(separator).append(':').append(entry.getKey()).append(' ');
                write(entry.getValue(), out);
                separator = ", ";
            }
            out.append('}');
        } else if (value instanceof List<?> list) {
            out.append('[');
            String separator = "";
            for (Object element : list) {
                out.append(separator);
                write(element, out);
                separator = " ";
            }
            out.append(']');
        } else if (value instanceof String string) {
            quote(string, out);
        } else if (value instanceof Long || value instanceof Integer || value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof Keyword) {
            out.append(value);
        } else {
            throw new IllegalArgumentException(value.getClass() + " (expected: a value that EDN histories may hold)");
        }
    }

    private static void quote(String string, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> out.append(c);
            }
        }
        out.append('"');
    }

    private @Nullable Object value() {
        skipBlanks();
        if (at >= text.length()) {
            throw unexpected("a value");
        }
        char c = text.charAt(at);
        return switch (c) {
            case '{' -> map();
            case '[' -> list();
            case '"' -> string();
            case ':' -> {
                at++;
                yield new Keyword(symbol());
            }
            default -> atom(symbol());
        };
    }

    private Map<String, @Nullable Object> map() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        at++;
        while (!closes('}')) {
            if (!(value() instanceof Keyword key)) {
                throw unexpected("a keyword as key");
            }
            map.put(key.name(), value());
        }
        return map;
    }

    private List<@Nullable Object> list() {
        List<@Nullable Object> list = new ArrayList<>();
        at++;
        while (!closes(']')) {
            list.add(value());
        }
        return list;
    }

    private boolean closes(char end) {
        skipBlanks();
        if (at < text.length() && text.charAt(at) == end) {
            at++;
            return true;
        }
        return false;
    }

    private String string() {
        StringBuilder out = new StringBuilder();
        at++;
        while (at < text.length() && text.charAt(at) != '"') {
            char c = text.charAt(at++);
            if (c == '\\' && at < text.length()) {
                char escaped = text.charAt(at++);
                c = switch (escaped) {
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    default -> escaped;
                };
            }
            out.append(c);
        }
        if (at >= text.length()) {
            throw unexpected("a closing quote");
        }
        at++;
        return out.toString();
    }

    private String symbol() {
        int start = at;
        while (at < text.length() && !blank(text.charAt(at)) && "{}[]\":".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        if (start == at) {
            throw unexpected("a symbol");
        }
        return text.substring(start, at);
    }

    private @Nullable Object atom(String symbol) {
        return switch (symbol) {
            case "nil" -> null;
            case "true" -> true;
            case "false" -> false;
            default -> number(symbol);
        };
    }

    private Long number(String symbol) {
        try {
            return Long.parseLong(symbol);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(symbol + " at " + at + " (expected: an integer)", e);
        }
    }

    private void skipBlanks() {
        while (at < text.length() && blank(text.charAt(at))) {
            at++;
        }
    }

    private static boolean blank(char c) {
        return Character.isWhitespace(c) || c == ',';
    }

    private IllegalArgumentException unexpected(String expected) {
        String found = at < text.length() ? "'" + text.charAt(at) + "'" : "the end";
        return new IllegalArgumentException(found + " at " + at + " (expected: " + expected + ")");
    }
}
