package dev.store.raft.watch;

import dev.store.raft.keyspace.KeyRange;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Intervals of keys, each with one value, that answers "which intervals hold this key" in a time that grows with the
 * answer, not with the number of intervals: a treap ordered by interval whose nodes know the greatest end below them
 * (Cormen et al., Introduction to Algorithms, 3rd ed., section 14.3). Not safe for use by several threads.
 */
final class IntervalTree<V> {
    private final SplittableRandom priorities = new SplittableRandom(0x5707e);
    private @Nullable Node<V> root;
    private int size;

    int size() {
        return size;
    }

    /** Adds an interval that is not there yet. */
    void add(KeyRange range, V value) {
        Node<V> added = new Node<>(range.start().toByteArray(), range.end().toByteArray(), value, priorities.nextInt());
        root = insert(root, added);
        size++;
    }

    /** Removes an interval that is there. */
    void remove(KeyRange range) {
        root = remove(root, range.start().toByteArray(), range.end().toByteArray());
        size--;
    }

    /** Hands over the values of all intervals that hold the key. */
    void holding(byte[] key, Consumer<V> found) {
        collect(root, key, found);
    }

    private static <V> void collect(@Nullable Node<V> from, byte[] key, Consumer<V> found) {
        Node<V> node = from;
        while (node != null && Arrays.compareUnsigned(key, node.maxEnd) < 0) {
            collect(node.left, key, found);
            if (Arrays.compareUnsigned(key, node.start) < 0) {
                return;
            }
            if (Arrays.compareUnsigned(key, node.end) < 0) {
                found.accept(node.value);
            }
            node = node.right;
        }
    }

    private static <V> Node<V> insert(@Nullable Node<V> node, Node<V> added) {
        if (node == null) {
            return added;
        }
        int order = node.compareTo(added.start, added.end);
        if (order == 0) {
            throw new IllegalStateException("interval: added twice");
        }
        if (order > 0) {
            node.left = insert(node.left, added);
            return node.left.priority > node.priority ? rotateRight(node, node.left) : node.measured();
        }
        node.right = insert(node.right, added);
        return node.right.priority > node.priority ? rotateLeft(node, node.right) : node.measured();
    }

    private static <V> @Nullable Node<V> remove(@Nullable Node<V> node, byte[] start, byte[] end) {
        if (node == null) {
            throw new IllegalStateException("interval: removed but never added");
        }
        int order = node.compareTo(start, end);
        if (order == 0) {
            return merge(node.left, node.right);
        }
        if (order > 0) {
            node.left = remove(node.left, start, end);
        } else {
            node.right = remove(node.right, start, end);
        }
        return node.measured();
    }

    private static <V> @Nullable Node<V> merge(@Nullable Node<V> left, @Nullable Node<V> right) {
        if (left == null) {
            return right;
        }
        if (right == null) {
            return left;
        }
        if (left.priority > right.priority) {
            left.right = merge(left.right, right);
            return left.measured();
        }
        right.left = merge(left, right.left);
        return right.measured();
    }

    private static <V> Node<V> rotateRight(Node<V> node, Node<V> left) {
        node.left = left.right;
        left.right = node.measured();
        return left.measured();
    }

    private static <V> Node<V> rotateLeft(Node<V> node, Node<V> right) {
        node.right = right.left;
        right.left = node.measured();
        return right.measured();
    }

    private static final class Node<V> {
        private final byte[] start;
        private final byte[] end;
        private final V value;
        private final int priority;
        private byte[] maxEnd;
        private @Nullable Node<V> left;
        private @Nullable Node<V> right;

        Node(byte[] start, byte[] end, V value, int priority) {
            this.start = start;
            this.end = end;
            this.value = value;
            this.priority = priority;
            this.maxEnd = end;
        }

        /** Order of this interval relative to the given one. */
        int compareTo(byte[] otherStart, byte[] otherEnd) {
            int order = Arrays.compareUnsigned(start, otherStart);
            return order != 0 ? order : Arrays.compareUnsigned(end, otherEnd);
        }

        /** This node, after what is below it has changed. */
        Node<V> measured() {
            maxEnd = end;
            if (left != null && Arrays.compareUnsigned(left.maxEnd, maxEnd) > 0) {
                maxEnd = left.maxEnd;
            }
            if (right != null && Arrays.compareUnsigned(right.maxEnd, maxEnd) > 0) {
                maxEnd = right.maxEnd;
            }
            return this;
        }
    }
}
