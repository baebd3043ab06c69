package dev.store.jepsen.history;

/**
 * An EDN keyword.
 *
 * @param name its name without the colon
 */
public record Keyword(String name) {
    @Override
    public String toString() {
        return ":" + name;
    }
}
