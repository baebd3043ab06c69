package dev.store.server.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringReader;
import java.util.Properties;
import java.util.TreeSet;

/** Java properties, as one flat object of strings. */
final class PropertiesContent {
    private PropertiesContent() {}

    static JsonNode parse(String text) throws Content.Malformed {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IllegalArgumentException e) {
            throw badEscape(text);
        } catch (IOException e) {
            throw new IllegalStateException("a string cannot be read", e);
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        TreeSize size = new TreeSize();
        for (String name : new TreeSet<>(properties.stringPropertyNames())) {
            size.add();
            object.put(name, properties.getProperty(name));
        }
        return object;
    }

    /** The only thing that the format forbids: {@code \\u} without four hexadecimal digits. */
    private static Content.Malformed badEscape(String text) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < text.length(); i++, column++) {
            char c = text.charAt(i);
            if (c == '\n') {
                line++;
                column = 0;
            } else if (c == '\\') {
                if (text.startsWith("u", i + 1) && !fourDigits(text, i + 2)) {
                    return new Content.Malformed("\\u without four hexadecimal digits", line, column);
                }
                if (i + 1 < text.length() && text.charAt(i + 1) != '\n') {
                    i++;
                    column++;
                }
            }
        }
        return new Content.Malformed("\\u without four hexadecimal digits", 0, 0);
    }

    private static boolean fourDigits(String text, int from) {
        for (int i = from; i < from + 4; i++) {
            if (i >= text.length() || Character.digit(text.charAt(i), 16) < 0) {
                return false;
            }
        }
        return true;
    }
}
