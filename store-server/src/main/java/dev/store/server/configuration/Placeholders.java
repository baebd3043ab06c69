package dev.store.server.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.ConfigEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Replaces placeholders in a content by values of other entries: {@code ${group/name:key}} and {@code ${group/name}}.
 *
 * <p>Only what holds a '/' is one, so that ${HOME} of other tools stays as it is. A dollar before one leaves it as it is
 * and goes itself.
 */
final class Placeholders {
    private final String namespace;
    private final Function<EntryName, @Nullable ConfigEntry> entries;
    private final Map<EntryName, Text> read = new HashMap<>();
    private int count;

    /** A content that was read, and its tree once it was needed. */
    private static final class Text {
        final ConfigEntry entry;
        final String content;

        @Nullable
        JsonNode tree;

        boolean parsed;

        Text(ConfigEntry entry) {
            this.entry = entry;
            this.content = entry.getContent().toStringUtf8();
        }
    }

    /**
     * Makes a replacer for one read.
     *
     * @param entries finds entries; null for one that does not exist
     */
    Placeholders(String namespace, Function<EntryName, @Nullable ConfigEntry> entries) {
        this.namespace = namespace;
        this.entries = entries;
    }

    /** The content of an entry with all placeholders replaced. */
    String resolve(EntryName name, String content) {
        List<String> way = new ArrayList<>();
        way.add(name.toString());
        return replace(content, way);
    }

    private String replace(String text, List<String> way) {
        int next = text.indexOf("${");
        if (next < 0) {
            return text;
        }
        StringBuilder result = new StringBuilder(text.length() + 64);
        int done = 0;
        while (next >= 0) {
            if (next > done && text.charAt(next - 1) == '$') {
                // "$${": one dollar goes, and nothing is replaced.
                result.append(text, done, next - 1).append("${");
                done = next + 2;
            } else {
                int end = text.indexOf('}', next + 2);
                String reference = end < 0 ? "" : text.substring(next + 2, end);
                if (reference.indexOf('/') > 0 && isReference(reference)) {
                    result.append(text, done, next).append(value(reference, way));
                    done = end + 1;
                } else {
                    result.append(text, done, next + 2);
                    done = next + 2;
                }
                limit(result.length());
            }
            next = text.indexOf("${", done);
        }
        result.append(text, done, text.length());
        limit(result.length());
        return result.toString();
    }

    /** Whether the text before the key looks like the name of an entry at all. */
    private static boolean isReference(String reference) {
        int colon = reference.indexOf(':');
        String entry = colon < 0 ? reference : reference.substring(0, colon);
        int slashes = 0;
        for (int i = 0; i < entry.length(); i++) {
            char c = entry.charAt(i);
            if (c == '/') {
                slashes++;
            } else if (!ConfigRequests.nameCharacter(c)) {
                return false;
            }
        }
        return slashes == 1 && entry.length() <= 2 * Limits.CONFIG_NAME_CHARACTERS + 1;
    }

    private String value(String reference, List<String> way) {
        if (++count > Limits.CONFIG_PLACEHOLDERS) {
            throw unresolved("placeholders: more than " + Limits.CONFIG_PLACEHOLDERS + " (expected: fewer)");
        }
        if (way.contains(reference)) {
            throw unresolved("placeholder: ${" + reference + "} leads back to itself: "
                    + String.join(" -> ", way.subList(way.indexOf(reference), way.size())) + " -> " + reference
                    + " (expected: no cycle)");
        }
        if (way.size() > Limits.CONFIG_PLACEHOLDER_DEPTH) {
            throw unresolved("placeholder: ${" + reference + "} is nested deeper than "
                    + Limits.CONFIG_PLACEHOLDER_DEPTH + ": " + String.join(" -> ", way));
        }
        int colon = reference.indexOf(':');
        String entry = colon < 0 ? reference : reference.substring(0, colon);
        Text target = target(reference, entry, way);
        String raw = colon < 0 ? target.content : valueOf(target, reference, reference.substring(colon + 1), way);
        way.add(reference);
        String value = replace(raw, way);
        way.remove(way.size() - 1);
        return value;
    }

    private Text target(String reference, String entry, List<String> way) {
        int slash = entry.indexOf('/');
        EntryName name = new EntryName(namespace, entry.substring(0, slash), entry.substring(slash + 1));
        Text known = read.get(name);
        if (known != null) {
            return known;
        }
        ConfigEntry found = entries.apply(name);
        if (found == null) {
            throw unresolved("placeholder: ${" + reference + "} in " + way.get(way.size() - 1)
                    + " (expected: an entry that exists)");
        }
        Text text = new Text(found);
        read.put(name, text);
        return text;
    }

    private static String valueOf(Text target, String reference, String key, List<String> way) {
        if (!target.parsed) {
            target.tree = Content.treeIfAny(target.entry.getType(), target.entry.getContent());
            target.parsed = true;
        }
        JsonNode tree = target.tree;
        JsonNode value = tree == null ? null : TreePath.find(tree, key);
        if (value == null) {
            throw unresolved("placeholder: ${" + reference + "} in " + way.get(way.size() - 1)
                    + " (expected: a key that exists in an entry of type json, yaml, toml or properties)");
        }
        return TreePath.text(value);
    }

    private static void limit(int length) {
        if (length > Limits.VALUE_BYTES) {
            throw unresolved("content with placeholders replaced: more than " + Limits.VALUE_BYTES
                    + " characters (expected: at most that)");
        }
    }

    private static StoreException unresolved(String message) {
        return new StoreException(ErrorCode.PLACEHOLDER_UNRESOLVED, message);
    }
}
