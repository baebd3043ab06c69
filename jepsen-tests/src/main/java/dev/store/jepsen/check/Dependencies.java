package dev.store.jepsen.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who must come before whom, and why: a graph whose cycles are anomalies. Nodes are numbers from 0. */
final class Dependencies {
    /** Why one comes before the other. */
    enum Kind {
        /** It wrote the version that the other overwrote. */
        WW,
        /** The other read what it wrote. */
        WR,
        /** It read the version that the other overwrote. */
        RW,
        /** It was complete before the other began. */
        RT
    }

    private final List<Map<Integer, EnumSet<Kind>>> edges = new ArrayList<>();

    Dependencies(int nodes) {
        for (int i = 0; i < nodes; i++) {
            edges.add(new HashMap<>());
        }
    }

    void add(int from, int to, Kind kind) {
        if (from != to) {
            edges.get(from)
                    .computeIfAbsent(to, node -> EnumSet.noneOf(Kind.class))
                    .add(kind);
        }
    }

    /** Why one comes before the other. */
    Set<Kind> between(int from, int to) {
        EnumSet<Kind> kinds = edges.get(from).get(to);
        return kinds == null ? Set.of() : kinds;
    }

    /** A shortest cycle through some node of a component that has one, by edges of these kinds only. */
    Optional<List<Integer>> cycle(Set<Kind> kinds) {
        for (List<Integer> component : new Components(kinds).find()) {
            if (component.size() > 1) {
                return Optional.of(shortest(component, kinds));
            }
        }
        return Optional.empty();
    }

    private List<Integer> shortest(List<Integer> component, Set<Kind> kinds) {
        List<Integer> best = List.of();
        for (int start : component.subList(0, Math.min(50, component.size()))) {
            List<Integer> cycle = around(start, Set.copyOf(component), kinds);
            if (!cycle.isEmpty() && (best.isEmpty() || cycle.size() < best.size())) {
                best = cycle;
            }
        }
        return best;
    }

    private List<Integer> around(int start, Set<Integer> component, Set<Kind> kinds) {
        Map<Integer, Integer> cameFrom = new HashMap<>();
        Deque<Integer> queue = new ArrayDeque<>(List.of(start));
        while (!queue.isEmpty()) {
            int node = queue.remove();
            for (int next : next(node, kinds)) {
                if (next == start) {
                    List<Integer> path = new ArrayList<>();
                    for (Integer at = node; at != null; at = cameFrom.get(at)) {
                        path.add(at);
                    }
                    Collections.reverse(path);
                    return path;
                }
                if (component.contains(next) && !cameFrom.containsKey(next)) {
                    cameFrom.put(next, node);
                    queue.add(next);
                }
            }
        }
        return List.of();
    }

    private List<Integer> next(int node, Set<Kind> kinds) {
        List<Integer> next = new ArrayList<>();
        edges.get(node).forEach((to, why) -> {
            if (!Collections.disjoint(why, kinds)) {
                next.add(to);
            }
        });
        return next;
    }

    /** Strongly connected components after Tarjan (SIAM J. Comput. 1972), with a stack of its own: histories are long. */
    private final class Components {
        private final Set<Kind> kinds;
        private final int[] index = new int[edges.size()];
        private final int[] low = new int[edges.size()];
        private final boolean[] stacked = new boolean[edges.size()];
        private final Deque<Integer> stack = new ArrayDeque<>();
        private final List<List<Integer>> found = new ArrayList<>();
        private int visited;

        Components(Set<Kind> kinds) {
            this.kinds = kinds;
        }

        /** A node that is being visited, and the edge that is next. */
        private static final class Frame {
            final int node;
            final List<Integer> next;
            int at;

            Frame(int node, List<Integer> next) {
                this.node = node;
                this.next = next;
            }
        }

        List<List<Integer>> find() {
            for (int node = 0; node < index.length; node++) {
                if (index[node] == 0) {
                    visit(node);
                }
            }
            return found;
        }

        private void visit(int root) {
            Deque<Frame> frames = new ArrayDeque<>(List.of(enter(root)));
            while (!frames.isEmpty()) {
                Frame frame = frames.element();
                if (frame.at < frame.next.size()) {
                    int next = frame.next.get(frame.at++);
                    if (index[next] == 0) {
                        frames.push(enter(next));
                    } else if (stacked[next]) {
                        low[frame.node] = Math.min(low[frame.node], index[next]);
                    }
                } else {
                    frames.pop();
                    if (!frames.isEmpty()) {
                        int parent = frames.element().node;
                        low[parent] = Math.min(low[parent], low[frame.node]);
                    }
                    if (low[frame.node] == index[frame.node]) {
                        take(frame.node);
                    }
                }
            }
        }

        private Frame enter(int node) {
            index[node] = ++visited;
            low[node] = visited;
            stacked[node] = true;
            stack.push(node);
            return new Frame(node, next(node, kinds));
        }

        private void take(int root) {
            List<Integer> component = new ArrayList<>();
            int node;
            do {
                node = stack.pop();
                stacked[node] = false;
                component.add(node);
            } while (node != root);
            found.add(component);
        }
    }
}
