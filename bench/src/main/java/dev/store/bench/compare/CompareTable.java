package dev.store.bench.compare;

import dev.store.bench.figures.Grid;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The results as tables for people, which are Markdown too. */
final class CompareTable {
    private static final List<Metric> OF_LOADS = List.of(
            Metric.PER_SECOND,
            Metric.SERVER_CPU,
            Metric.CLIENT_CPU,
            Metric.P50,
            Metric.P99,
            Metric.P999,
            Metric.HAND_OVER_P50,
            Metric.HAND_OVER_P99,
            Metric.DISK,
            Metric.RESIDENT,
            Metric.OTHERS);
    /** Those that are held against the base system's beside the figure. */
    private static final List<Metric> COMPARED = List.of(Metric.PER_SECOND, Metric.SERVER_CPU, Metric.P50, Metric.P99);

    private final Results results;

    CompareTable(Results results) {
        this.results = results;
    }

    /** Both tables, and what failed. */
    String text() {
        StringBuilder text = new StringBuilder();
        List<List<String>> loads = loads();
        if (loads.size() > 1) {
            text.append(Grid.of(loads));
        }
        List<List<String>> events = events();
        if (events.size() > 1) {
            text.append(text.isEmpty() ? "" : "\n").append(Grid.of(events));
        }
        for (Results.Failure failure : results.failures()) {
            text.append("\nblock ")
                    .append(failure.block())
                    .append(", ")
                    .append(failure.peer().label())
                    .append(", ")
                    .append(failure.what())
                    .append(": ")
                    .append(failure.message())
                    .append('\n');
        }
        return text.toString();
    }

    /** Rows of the loads, the head first. */
    List<List<String>> loads() {
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("workload", "load", "system"));
        for (Metric metric : OF_LOADS) {
            head.add(metric.title());
            if (COMPARED.contains(metric)) {
                head.add("to " + results.setup().base().label());
            }
        }
        rows.add(head);
        for (Results.Line line : results.lines()) {
            if (line.phase() != Phase.ONCE) {
                for (Peer peer : results.setup().peers()) {
                    row(line, peer, OF_LOADS).ifPresent(rows::add);
                }
            }
        }
        return rows;
    }

    /** Rows of what happens once, the head first. */
    List<List<String>> events() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "event",
                "system",
                "median",
                "least",
                "most",
                "unit",
                "to " + results.setup().base().label()));
        for (Results.Line line : results.lines()) {
            if (line.phase() == Phase.ONCE) {
                for (Peer peer : results.setup().peers()) {
                    for (Metric metric : List.of(Metric.MILLIS, Metric.RESIDENT)) {
                        event(line, peer, metric).ifPresent(rows::add);
                    }
                }
            }
        }
        return rows;
    }

    private Optional<List<String>> row(Results.Line line, Peer peer, List<Metric> metrics) {
        if (results.isWithout(peer, line.job())) {
            List<String> row =
                    new ArrayList<>(List.of(line.job().label(), line.phase().title(), peer.label(), "no close form"));
            int width = 3 + metrics.size() + COMPARED.size();
            while (row.size() < width) {
                row.add("");
            }
            return Optional.of(row);
        }
        if (results.figure(line, peer, Metric.PER_SECOND).isEmpty()) {
            return Optional.empty();
        }
        List<String> row =
                new ArrayList<>(List.of(line.job().label(), line.phase().title(), peer.label()));
        for (Metric metric : metrics) {
            row.add(results.figure(line, peer, metric)
                    .map(figure -> Spread.shorten(figure.median()))
                    .orElse(""));
            if (COMPARED.contains(metric)) {
                row.add(factor(line, peer, metric));
            }
        }
        return Optional.of(row);
    }

    private Optional<List<String>> event(Results.Line line, Peer peer, Metric metric) {
        return results.figure(line, peer, metric)
                .map(figure -> List.of(
                        line.job().label(),
                        peer.label(),
                        Spread.shorten(figure.median()),
                        Spread.shorten(figure.min()),
                        Spread.shorten(figure.max()),
                        metric.title(),
                        factor(line, peer, metric)));
    }

    private String factor(Results.Line line, Peer peer, Metric metric) {
        return peer == results.setup().base()
                ? ""
                : results.ratio(line, peer, metric).map(Spread::asFactor).orElse("");
    }
}
