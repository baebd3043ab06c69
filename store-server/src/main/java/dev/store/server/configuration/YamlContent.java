package dev.store.server.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.store.api.Limits;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * YAML. Read twice: as events, which need no recursion and so can be counted safely, then as objects, in which aliases
 * stand for what they name and are counted again.
 */
final class YamlContent {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final LoadSettings SETTINGS = LoadSettings.builder()
            .setLabel("content")
            .setAllowDuplicateKeys(false)
            .setAllowRecursiveKeys(false)
            .setMaxAliasesForCollections(50)
            .setCodePointLimit(Limits.CONFIG_CONTENT_BYTES)
            .build();

    private YamlContent() {}

    /** The document as a tree; null if there are several. */
    static @Nullable JsonNode parse(String text) throws Content.Malformed {
        try {
            countEvents(text);
            @Nullable JsonNode first = null;
            int documents = 0;
            TreeSize size = new TreeSize();
            for (Object document : new Load(SETTINGS).loadAllFromString(text)) {
                JsonNode tree = node(document, size, 0);
                first = documents++ == 0 ? tree : null;
            }
            return documents == 0 ? NODES.nullNode() : first;
        } catch (MarkedYamlEngineException e) {
            Mark mark = e.getProblemMark().orElse(null);
            String problem = e.getProblem() == null ? String.valueOf(e.getMessage()) : e.getProblem();
            throw mark == null
                    ? new Content.Malformed(problem, 0, 0)
                    : new Content.Malformed(problem, mark.getLine() + 1, mark.getColumn() + 1);
        } catch (YamlEngineException e) {
            throw new Content.Malformed(String.valueOf(e.getMessage()), 0, 0);
        }
    }

    private static void countEvents(String text) throws Content.Malformed {
        TreeSize size = new TreeSize();
        int depth = 0;
        for (Event event : new Parse(SETTINGS).parseString(text)) {
            switch (event.getEventId()) {
                case MappingStart, SequenceStart -> {
                    size.add();
                    TreeSize.depth(++depth);
                }
                case MappingEnd, SequenceEnd -> depth--;
                case Scalar, Alias -> size.add();
                default -> {
                    // Begin and end of streams and documents, comments.
                }
            }
        }
    }

    private static JsonNode node(@Nullable Object value, TreeSize size, int depth) throws Content.Malformed {
        size.add();
        // Also ends a structure that contains itself.
        TreeSize.depth(depth);
        if (value instanceof Map<?, ?> map) {
            ObjectNode object = NODES.objectNode();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                object.set(String.valueOf(entry.getKey()), node(entry.getValue(), size, depth + 1));
            }
            return object;
        }
        if (value instanceof Collection<?> items) {
            var array = NODES.arrayNode();
            for (Object item : items) {
                array.add(node(item, size, depth + 1));
            }
            return array;
        }
        return scalar(value);
    }

    private static JsonNode scalar(@Nullable Object value) {
        if (value == null) {
            return NODES.nullNode();
        }
        if (value instanceof Boolean flag) {
            return NODES.booleanNode(flag);
        }
        if (value instanceof Integer number) {
            return NODES.numberNode(number);
        }
        if (value instanceof Long number) {
            return NODES.numberNode(number);
        }
        if (value instanceof BigInteger number) {
            return NODES.numberNode(number);
        }
        if (value instanceof Number number) {
            return NODES.numberNode(number.doubleValue());
        }
        if (value instanceof byte[] bytes) {
            return NODES.binaryNode(bytes);
        }
        return NODES.textNode(String.valueOf(value));
    }
}
