package dev.store.jepsen.history;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One line of a history.
 *
 * @param index place in the history, from 0; the order of indexes is the order of real time
 * @param time nanoseconds since the history began
 * @param process the single-threaded process that acts; never again after an {@link OpType#INFO}
 * @param type what the line says
 * @param f what is done, such as {@code read}
 * @param value argument or answer: null, Boolean, Long, String, List or Map of such
 * @param extra further facts, such as {@code revision}, {@code node} and {@code error}
 */
public record Op(
        long index,
        long time,
        long process,
        OpType type,
        String f,
        @Nullable Object value,
        Map<String, Object> extra) {

    public Op {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(f, "f");
        extra = Map.copyOf(extra);
    }

    /** The line as a map with Jepsen's keys first and the further facts in order of name. */
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("process", process);
        map.put("type", new Keyword(type.word()));
        map.put("f", new Keyword(f));
        map.put("value", value);
        map.put("time", time);
        map.put("index", index);
        map.putAll(new TreeMap<>(extra));
        return map;
    }

    /** The line that such a map stands for. */
    static Op ofMap(Map<?, ?> map) {
        Map<String, Object> extra = new TreeMap<>();
        map.forEach((key, value) -> {
            String name = String.valueOf(key);
            if (value != null && !FIELDS.contains(name)) {
                extra.put(name, value);
            }
        });
        return new Op(
                number(map, "index"),
                number(map, "time"),
                number(map, "process"),
                OpType.ofWord(word(map, "type")),
                word(map, "f"),
                map.get("value"),
                extra);
    }

    private static final java.util.Set<String> FIELDS =
            java.util.Set.of("process", "type", "f", "value", "time", "index");

    private static long number(Map<?, ?> map, String key) {
        if (map.get(key) instanceof Long number) {
            return number;
        }
        throw new IllegalArgumentException(":" + key + " " + map.get(key) + " (expected: an integer)");
    }

    private static String word(Map<?, ?> map, String key) {
        Object value = map.get(key);
        if (value instanceof Keyword keyword) {
            return keyword.name();
        }
        throw new IllegalArgumentException(":" + key + " " + value + " (expected: a keyword)");
    }
}
