package dev.store.cli.print;

import com.google.protobuf.ByteString;
import java.util.Base64;

/**
 * Writes one JSON document, on one line.
 *
 * <p>Bytes are written as a string where they are valid UTF-8, under their name; else in base64, under their name with
 * {@code _base64} after it. Ids (of leases, members, clusters) are strings, since they may exceed 2^53; everything
 * else that counts is a number.
 */
public final class Json {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final StringBuilder text = new StringBuilder();
    private boolean first = true;

    /** Begins an object that is an element of an array, or the whole document. */
    public Json object() {
        separate();
        return open('{');
    }

    /** Begins an object that is a field. */
    public Json object(String name) {
        return name(name).open('{');
    }

    /** Begins an array that is a field. */
    public Json array(String name) {
        return name(name).open('[');
    }

    public Json endObject() {
        return close('}');
    }

    public Json endArray() {
        return close(']');
    }

    public Json field(String name, String value) {
        name(name);
        quote(value);
        return this;
    }

    public Json field(String name, long value) {
        name(name);
        text.append(value);
        return this;
    }

    public Json field(String name, boolean value) {
        name(name);
        text.append(value);
        return this;
    }

    public Json field(String name, double value) {
        name(name);
        text.append(value);
        return this;
    }

    /** An id: a string of its unsigned decimal digits. */
    public Json id(String name, long value) {
        return field(name, Long.toUnsignedString(value));
    }

    /** Bytes, as the type says. */
    public Json bytes(String name, ByteString value) {
        if (value.isValidUtf8()) {
            return field(name, value.toStringUtf8());
        }
        return field(name + "_base64", Base64.getEncoder().encodeToString(value.toByteArray()));
    }

    /** An element of an array of byte strings: a string, or {@code {"base64": …}}. */
    public Json element(ByteString value) {
        if (value.isValidUtf8()) {
            return element(value.toStringUtf8());
        }
        return object().field("base64", Base64.getEncoder().encodeToString(value.toByteArray()))
                .endObject();
    }

    /** An element of an array of strings. */
    public Json element(String value) {
        separate();
        quote(value);
        first = false;
        return this;
    }

    /** What was written since the last call; empties the buffer, so that long documents need not be held. */
    public String take() {
        String result = text.toString();
        text.setLength(0);
        return result;
    }

    /** How many characters {@link #take} would return. */
    public int length() {
        return text.length();
    }

    private Json name(String name) {
        separate();
        quote(name);
        text.append(':');
        first = false;
        return this;
    }

    private void separate() {
        if (!first) {
            text.append(',');
        }
    }

    private Json open(char bracket) {
        text.append(bracket);
        first = true;
        return this;
    }

    private Json close(char bracket) {
        text.append(bracket);
        first = false;
        return this;
    }

    private void quote(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < ' ' || c == 0x7f) {
                        text.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 15]);
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }
}
