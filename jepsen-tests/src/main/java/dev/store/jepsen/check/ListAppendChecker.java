package dev.store.jepsen.check;

import static dev.store.jepsen.check.Dependencies.Kind.RT;
import static dev.store.jepsen.check.Dependencies.Kind.RW;
import static dev.store.jepsen.check.Dependencies.Kind.WR;
import static dev.store.jepsen.check.Dependencies.Kind.WW;

import dev.store.jepsen.history.Call;
import dev.store.jepsen.history.OpType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether transactions that append unique elements to lists, and read them, are strictly serializable.
 *
 * <p>After Kingsbury and Alvaro, "Elle: Inferring Isolation Anomalies from Experimental Observations" (VLDB 2020): lists
 * show the order of their own writes, so dependencies between transactions follow from what was read, and a cycle of them
 * is an anomaly: G0 of writes only, G1c with reads, G-single with one anti-dependency, G2 with more. With the order of real
 * time as further edges a cycle breaks strictness only. Works on the calls {@code txn} of any length.
 */
public final class ListAppendChecker {
    private static final String NAME = "list-append";

    /** Judges the transactions of a history. */
    public Verdict check(List<Call> calls) {
        List<AppendTxn> txns = new ArrayList<>();
        for (Call call : calls) {
            if (call.f().equals("txn")) {
                txns.add(AppendTxn.of(call));
            }
        }
        Judgement judgement = new Judgement(txns);
        judgement.reads();
        judgement.lost();
        if (judgement.problems.isEmpty()) {
            judgement.cycles();
        }
        return Verdict.of(NAME, judgement.problems);
    }

    private record Element(String key, long value) {}

    private static final class Judgement {
        private final List<AppendTxn> txns;
        private final List<String> problems = new ArrayList<>();
        /** Number of the transaction that appends an element. */
        private final Map<Element, Integer> writers = new HashMap<>();

        private final Map<String, List<Long>> longest = new LinkedHashMap<>();

        Judgement(List<AppendTxn> txns) {
            this.txns = txns;
            for (int i = 0; i < txns.size(); i++) {
                int writer = i;
                txns.get(i)
                        .appends()
                        .forEach((key, values) -> values.forEach(value -> {
                            if (writers.put(new Element(key, value), writer) != null) {
                                throw new IllegalArgumentException(
                                        key + " " + value + " (expected: an element that is appended once)");
                            }
                        }));
            }
            for (AppendTxn txn : txns) {
                txn.reads().forEach((key, read) -> {
                    if (read.size() > longest.getOrDefault(key, List.of()).size()) {
                        longest.put(key, read);
                    }
                });
            }
        }

        /** What single reads tell: elements from nowhere, of aborted or half-done transactions, twice, or in another order. */
        void reads() {
            for (AppendTxn txn : txns) {
                txn.reads().forEach((key, read) -> {
                    List<Long> order = longest.getOrDefault(key, List.of());
                    if (!read.equals(order.subList(0, read.size()))) {
                        problems.add("incompatible orders of " + key + ", " + order + " and that of " + txn);
                    }
                    if (new HashSet<>(read).size() != read.size()) {
                        problems.add("an element twice in " + key + ": " + txn);
                    }
                    read.forEach(value -> origin(key, value, txn));
                    intermediate(key, read, txn);
                });
            }
        }

        private void origin(String key, long value, AppendTxn reader) {
            Integer writer = writers.get(new Element(key, value));
            if (writer == null) {
                problems.add("element " + value + " of " + key + " that nobody appended: " + reader);
            } else if (txns.get(writer).call().outcome() == OpType.FAIL) {
                problems.add(
                        "G1a, aborted read of " + value + " of " + key + ": " + reader + " saw " + txns.get(writer));
            }
        }

        private void intermediate(String key, List<Long> read, AppendTxn reader) {
            if (read.isEmpty()) {
                return;
            }
            Integer writer = writers.get(new Element(key, read.get(read.size() - 1)));
            if (writer == null) {
                return;
            }
            List<Long> appended = txns.get(writer).appends().getOrDefault(key, List.of());
            if (!appended.get(appended.size() - 1).equals(read.get(read.size() - 1))) {
                problems.add("G1b, intermediate read of " + key + ": " + reader + " saw a part of " + txns.get(writer));
            }
        }

        /** An acknowledged append that a later read of the list does not have. */
        void lost() {
            Map<String, Long> lastRead = new HashMap<>();
            for (AppendTxn txn : txns) {
                txn.reads()
                        .keySet()
                        .forEach(key -> lastRead.merge(key, txn.call().begin().index(), Math::max));
            }
            Map<String, Set<Long>> seen = new HashMap<>();
            longest.forEach((key, order) -> seen.put(key, new HashSet<>(order)));
            for (AppendTxn txn : txns) {
                if (txn.call().outcome() == OpType.OK) {
                    txn.appends().forEach((key, values) -> {
                        boolean readLater =
                                lastRead.getOrDefault(key, -1L) > txn.call().endIndex();
                        if (readLater && !seen.getOrDefault(key, Set.of()).containsAll(values)) {
                            problems.add("a lost append to " + key + ": " + txn);
                        }
                    });
                }
            }
        }

        void cycles() {
            Dependencies graph = new Dependencies(txns.size());
            for (int i = 0; i < txns.size(); i++) {
                int reader = i;
                txns.get(i).reads().forEach((key, read) -> dependencies(graph, reader, key, read));
            }
            longest.forEach((key, order) -> {
                for (int i = 1; i < order.size(); i++) {
                    graph.add(writer(key, order.get(i - 1)), writer(key, order.get(i)), WW);
                }
            });
            if (!cycle(graph, "", EnumSet.noneOf(Dependencies.Kind.class))) {
                realTime(graph);
                boolean unused = cycle(graph, " with real time", EnumSet.of(RT));
            }
        }

        private void dependencies(Dependencies graph, int reader, String key, List<Long> read) {
            List<Long> order = longest.getOrDefault(key, List.of());
            if (!read.isEmpty()) {
                graph.add(writer(key, read.get(read.size() - 1)), reader, WR);
            }
            if (read.size() < order.size()) {
                graph.add(reader, writer(key, order.get(read.size())), RW);
            }
        }

        private int writer(String key, long value) {
            return writers.getOrDefault(new Element(key, value), 0);
        }

        private boolean cycle(Dependencies graph, String how, EnumSet<Dependencies.Kind> always) {
            EnumSet<Dependencies.Kind> kinds = EnumSet.copyOf(always);
            for (Dependencies.Kind kind : List.of(WW, WR, RW)) {
                kinds.add(kind);
                var found = graph.cycle(kinds);
                if (found.isPresent()) {
                    problems.add(describe(graph, found.get(), how));
                    return true;
                }
            }
            return false;
        }

        private String describe(Dependencies graph, List<Integer> cycle, String how) {
            int anti = 0;
            boolean reads = false;
            StringBuilder path = new StringBuilder();
            for (int i = 0; i < cycle.size(); i++) {
                int from = cycle.get(i);
                Set<Dependencies.Kind> why = graph.between(from, cycle.get((i + 1) % cycle.size()));
                boolean antiOnly = why.contains(RW) && !why.contains(WW) && !why.contains(WR) && !why.contains(RT);
                anti += antiOnly ? 1 : 0;
                reads |= why.contains(WR) && !why.contains(WW);
                path.append(txns.get(from)).append(" -").append(why).append("-> ");
            }
            String name = anti > 1 ? "G2" : anti == 1 ? "G-single" : reads ? "G1c" : "G0";
            return name + how + ": " + path + "the first";
        }

        /**
         * Edges from each transaction to those that began after its end, but for those that follow from others: only the
         * transactions that ended last before a beginning matter.
         */
        private void realTime(Dependencies graph) {
            record Point(long at, int txn, boolean begins) {}
            List<Point> points = new ArrayList<>();
            for (int i = 0; i < txns.size(); i++) {
                Call call = txns.get(i).call();
                if (call.outcome() != OpType.FAIL) {
                    points.add(new Point(call.begin().index(), i, true));
                    if (call.endIndex() < Long.MAX_VALUE) {
                        points.add(new Point(call.endIndex(), i, false));
                    }
                }
            }
            points.sort(Comparator.comparingLong(Point::at));
            Set<Integer> frontier = new HashSet<>();
            Map<Integer, List<Integer>> before = new HashMap<>();
            for (Point point : points) {
                if (point.begins()) {
                    before.put(point.txn(), List.copyOf(frontier));
                    frontier.forEach(earlier -> graph.add(earlier, point.txn(), RT));
                } else {
                    before.getOrDefault(point.txn(), List.of()).forEach(frontier::remove);
                    frontier.add(point.txn());
                }
            }
        }
    }
}
