package dev.store.api.configuration;

import dev.store.api.v1.ConfigEntry;
import dev.store.api.v1.ConfigType;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Typed access to structured content. Keys are paths: {@code db.hosts[0].name}; names that hold dots themselves, as those of
 * properties, are found too. Immutable.
 */
public final class ConfigValues {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,15})\\s*(ms|s|m|h|d)");

    private final @Nullable Object root;

    private ConfigValues(@Nullable Object root) {
        this.root = root;
    }

    static ConfigValues of(ConfigEntry entry) {
        if (!entry.getJson().isEmpty()) {
            return new ConfigValues(JsonText.parse(entry.getJson().toStringUtf8()));
        }
        if (entry.getType() == ConfigType.CONFIG_TYPE_JSON) {
            return new ConfigValues(JsonText.parse(entry.getContent().toStringUtf8()));
        }
        if (entry.getType() == ConfigType.CONFIG_TYPE_PROPERTIES) {
            return new ConfigValues(properties(entry.getContent().toStringUtf8()));
        }
        throw new IllegalStateException("content of " + ConfigName.of(entry.getKey()) + " is "
                + ConfigFormat.of(entry.getType()).name().toLowerCase(Locale.ROOT)
                + " (expected: json or properties, or yaml or toml that came with its tree)");
    }

    private static Map<String, Object> properties(String text) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IOException e) {
            throw new IllegalStateException("a string cannot be read", e);
        }
        Map<String, Object> map = new LinkedHashMap<>();
        new TreeSet<>(properties.stringPropertyNames()).forEach(name -> map.put(name, properties.getProperty(name)));
        return map;
    }

    /** The whole content: maps, lists, strings, longs, doubles, big integers, booleans and null. */
    public @Nullable Object tree() {
        return root;
    }

    /** The value of a key, in the types of {@link #tree}; empty if there is none, or it is null. */
    public Optional<Object> find(String key) {
        return Optional.ofNullable(walk(root, key));
    }

    /** A scalar as text; empty if there is none. */
    public Optional<String> string(String key) {
        return find(key).map(value -> {
            if (value instanceof Map || value instanceof List) {
                throw wrong(key, value, "a single value");
            }
            return String.valueOf(value);
        });
    }

    /** A scalar as text, or another one if there is none. */
    public String string(String key, String otherwise) {
        return string(key).orElse(otherwise);
    }

    /** A whole number, also one that is written as text; or another one if there is none. */
    public long integer(String key, long otherwise) {
        return string(key)
                .map(text -> {
                    try {
                        return Long.parseLong(text.trim());
                    } catch (NumberFormatException e) {
                        throw wrong(key, text, "a whole number");
                    }
                })
                .orElse(otherwise);
    }

    /** A number, also one that is written as text; or another one if there is none. */
    public double number(String key, double otherwise) {
        return string(key)
                .map(text -> {
                    try {
                        return Double.parseDouble(text.trim());
                    } catch (NumberFormatException e) {
                        throw wrong(key, text, "a number");
                    }
                })
                .orElse(otherwise);
    }

    /** {@code true} or {@code false}; or another value if there is none. */
    public boolean bool(String key, boolean otherwise) {
        return string(key)
                .map(text -> switch (text.trim().toLowerCase(Locale.ROOT)) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw wrong(key, text, "true or false");
                })
                .orElse(otherwise);
    }

    /** A duration such as {@code 250ms}, {@code 30s}, {@code 5m}, {@code 2h}, {@code 1d} or ISO 8601; or another one. */
    public Duration duration(String key, Duration otherwise) {
        return string(key).map(text -> duration(key, text.trim())).orElse(otherwise);
    }

    private static Duration duration(String key, String text) {
        Matcher matcher = DURATION.matcher(text);
        if (matcher.matches()) {
            long count = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(count);
                case "s" -> Duration.ofSeconds(count);
                case "m" -> Duration.ofMinutes(count);
                case "h" -> Duration.ofHours(count);
                default -> Duration.ofDays(count);
            };
        }
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw wrong(key, text, "a duration such as 250ms, 30s, 5m, 2h or PT5M");
        }
    }

    /** The texts of a list, or the parts of a text between commas; empty if there is none. */
    public List<String> list(String key) {
        Object value = walk(root, key);
        List<String> texts = new ArrayList<>();
        if (value instanceof List<?> items) {
            items.forEach(item -> texts.add(String.valueOf(item)));
        } else if (value instanceof Map) {
            throw wrong(key, value, "a list");
        } else if (value != null) {
            for (String part : String.valueOf(value).split(",", -1)) {
                if (!part.isBlank()) {
                    texts.add(part.trim());
                }
            }
        }
        return List.copyOf(texts);
    }

    private static IllegalArgumentException wrong(String key, Object value, String expected) {
        String text = String.valueOf(value);
        String shown = text.length() > 100 ? text.substring(0, 100) + "…" : text;
        return new IllegalArgumentException(key + ": \"" + shown + "\" (expected: " + expected + ")");
    }

    private static @Nullable Object walk(@Nullable Object node, String path) {
        if (path.isEmpty()) {
            return node;
        }
        if (path.charAt(0) == '[') {
            int end = path.indexOf(']');
            return end < 0 ? null : walk(item(node, path.substring(1, end)), withoutDot(path.substring(end + 1)));
        }
        if (!(node instanceof Map<?, ?> map)) {
            return null;
        }
        // The longest name first, so that "a.b" of properties is found as such.
        for (int end = path.length(); end > 0; end = path.lastIndexOf('.', end - 1)) {
            Object child = map.get(path.substring(0, end));
            Object found = child == null ? null : walk(child, withoutDot(path.substring(end)));
            if (found != null) {
                return found;
            }
        }
        int bracket = path.indexOf('[');
        return bracket > 0 ? walk(walk(node, path.substring(0, bracket)), path.substring(bracket)) : null;
    }

    private static @Nullable Object item(@Nullable Object node, String index) {
        try {
            int at = Integer.parseInt(index);
            return node instanceof List<?> list && at >= 0 && at < list.size() ? list.get(at) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static String withoutDot(String path) {
        return path.startsWith(".") ? path.substring(1) : path;
    }
}
