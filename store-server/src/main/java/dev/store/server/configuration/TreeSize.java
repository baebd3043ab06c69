package dev.store.server.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import dev.store.api.Limits;
import java.util.ArrayDeque;

/** Counts the values of a tree that is being built, so that aliases cannot make much of little. */
final class TreeSize {
    private int values;

    /** Takes account of one value. */
    void add() throws Content.Malformed {
        if (++values > Limits.CONFIG_CONTENT_VALUES) {
            throw new Content.Malformed("more than " + Limits.CONFIG_CONTENT_VALUES + " values", 0, 0);
        }
    }

    static void depth(int depth) throws Content.Malformed {
        if (depth > Limits.CONFIG_CONTENT_DEPTH) {
            throw new Content.Malformed("nested more than " + Limits.CONFIG_CONTENT_DEPTH + " deep", 0, 0);
        }
    }

    private record Placed(JsonNode node, int depth) {}

    /** Checks a tree that is there already, without recursion. */
    static void check(JsonNode root) throws Content.Malformed {
        TreeSize size = new TreeSize();
        ArrayDeque<Placed> left = new ArrayDeque<>();
        left.add(new Placed(root, 0));
        while (!left.isEmpty()) {
            Placed placed = left.pop();
            size.add();
            depth(placed.depth);
            for (JsonNode child : placed.node) {
                left.push(new Placed(child, placed.depth + 1));
            }
        }
    }
}
