package dev.store.jepsen.history;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One operation from its beginning to its end.
 *
 * @param begin the line of its invocation
 * @param end the line of its completion, or null if none was written: then its outcome is unknown
 */
public record Call(Op begin, @Nullable Op end) {
    /** OK, FAIL, or INFO where nothing is known. */
    public OpType outcome() {
        return end == null ? OpType.INFO : end.type();
    }

    /** What was done. */
    public String f() {
        return begin.f();
    }

    /** The key it is about; empty if none was written down. */
    public String key() {
        return begin.extra().get("key") instanceof String key ? key : "";
    }

    /** The argument. */
    public @Nullable Object argument() {
        return begin.value();
    }

    /** The answer; null where there is none. */
    public @Nullable Object answer() {
        return end == null ? null : end.value();
    }

    /** Further facts of the completion. */
    public Map<String, Object> facts() {
        return end == null ? Map.of() : end.extra();
    }

    /** A number among the facts, or -1. */
    public long number(String fact) {
        return facts().get(fact) instanceof Long number ? number : -1;
    }

    /** Place in real time after which the operation can have no effect; never for an unknown outcome. */
    public long endIndex() {
        return end == null || end.type() == OpType.INFO ? Long.MAX_VALUE : end.index();
    }

    @Override
    public String toString() {
        String what =
                "#" + begin.index() + " process " + begin.process() + " " + begin.f() + " " + Edn.write(argument());
        return end == null
                ? what + " -> ?"
                : what + " -> " + end.type().word() + " " + Edn.write(answer()) + " "
                        + Edn.write(new java.util.TreeMap<>(facts())) + " #" + end.index();
    }
}
