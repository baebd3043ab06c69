package dev.store.server.configuration;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A place in a tree: a JSON pointer ({@code /db/hosts/0}), or a path with dots and brackets ({@code db.hosts[0]}). Names
 * that hold dots themselves, as in properties, are found where a longer name fits.
 */
final class TreePath {
    private TreePath() {}

    /** The value at a place; null if there is none. */
    static @Nullable JsonNode find(JsonNode tree, String path) {
        if (path.startsWith("/")) {
            try {
                JsonNode found = tree.at(JsonPointer.compile(path));
                return found.isMissingNode() ? null : found;
            } catch (IllegalArgumentException e) {
                return null;
            }
        }
        return walk(tree, path);
    }

    private static @Nullable JsonNode walk(JsonNode node, String path) {
        if (path.isEmpty()) {
            return node;
        }
        if (path.charAt(0) == '[') {
            int end = path.indexOf(']');
            JsonNode item = end < 0 ? null : item(node, path.substring(1, end));
            return item == null ? null : walk(item, withoutDot(path.substring(end + 1)));
        }
        if (node.isObject()) {
            // The longest name first, so that "a.b" of properties is found as such.
            for (int end = path.length(); end > 0; end = path.lastIndexOf('.', end - 1)) {
                JsonNode child = node.get(path.substring(0, end));
                JsonNode found = child == null ? null : walk(child, withoutDot(path.substring(end)));
                if (found != null) {
                    return found;
                }
            }
        }
        int bracket = path.indexOf('[');
        if (bracket > 0 && node.isObject()) {
            JsonNode child = walk(node, path.substring(0, bracket));
            return child == null ? null : walk(child, path.substring(bracket));
        }
        return null;
    }

    private static @Nullable JsonNode item(JsonNode node, String index) {
        try {
            return node.isArray() ? node.get(Integer.parseInt(index)) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static String withoutDot(String path) {
        return path.startsWith(".") ? path.substring(1) : path;
    }

    /** A value as text: scalars as they are written, others as JSON. */
    static String text(JsonNode value) {
        return value.isValueNode() ? value.asText() : JsonContent.write(value).toStringUtf8();
    }
}
