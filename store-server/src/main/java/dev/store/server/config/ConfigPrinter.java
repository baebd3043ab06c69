package dev.store.server.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Writes the effective configuration for people (YAML with the origin of each value) and for programs (JSON). */
public final class ConfigPrinter {
    /** What YAML reads as plain text however it is written. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9./][A-Za-z0-9._/-]*(:[0-9]+)?");

    private ConfigPrinter() {}

    /** YAML that can be used as {@code store.yaml}. */
    public static String yaml(EffectiveConfig effective) {
        StringBuilder text = new StringBuilder();
        String section = "";
        for (Key<?> key : Keys.all()) {
            if (!key.section().equals(section)) {
                section = key.section();
                text.append(section).append(":\n");
            }
            String name = key.name().substring(section.length() + 1);
            text.append("  ").append(name).append(':');
            String comment = "  # " + effective.origin(key.name()) + "\n";
            if (key.kind().list() && !effective.value(key).isEmpty()) {
                text.append(comment);
                for (String item : items(effective.value(key))) {
                    text.append("    - ").append(yamlText(item)).append('\n');
                }
            } else {
                text.append(' ').append(yamlText(effective.value(key))).append(comment);
            }
        }
        return text.toString();
    }

    /** JSON: {@code {"node.name": {"value": "n1", "origin": "default"}, …}}. */
    public static String json(EffectiveConfig effective) {
        List<String> lines = new ArrayList<>();
        for (Key<?> key : Keys.all()) {
            lines.add("  " + quoted(key.name()) + ": {\"value\": " + quoted(effective.value(key)) + ", \"origin\": "
                    + quoted(effective.origin(key.name())) + "}");
        }
        return "{\n" + String.join(",\n", lines) + "\n}\n";
    }

    /** What differs from the defaults, on one line, for the log. */
    public static String settings(EffectiveConfig effective) {
        List<String> set = new ArrayList<>();
        for (Key<?> key : Keys.all()) {
            if (!effective.origin(key.name()).equals("default")) {
                set.add(key.name() + "=" + effective.value(key));
            }
        }
        return String.join(" ", set);
    }

    private static List<String> items(String list) {
        return Arrays.stream(list.split(",", -1))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    private static String yamlText(String text) {
        return PLAIN.matcher(text).matches() ? text : quoted(text);
    }

    /** A JSON string, which is a YAML string too. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
