package dev.store.bench.compare;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Bars of one figure: a group for each workload, a bar for each system, each group by its own scale. */
final class Bars {
    private static final int WIDTH = 1_000;
    private static final int LABELS = 360;
    private static final int ROW = 17;
    private static final int GAP = 9;
    /** Room for the number and the factor behind a bar. */
    private static final int BEHIND = 250;

    private final Results results;

    Bars(Results results) {
        this.results = results;
    }

    /** The drawing; empty if no line of these has the figure. */
    String svg(List<Results.Line> lines, Metric metric) {
        StringBuilder svg = new StringBuilder();
        int y = 4;
        for (Results.Line line : lines) {
            double most = results.setup().peers().stream()
                    .flatMap(peer -> results.figure(line, peer, metric).stream())
                    .mapToDouble(Spread::median)
                    .max()
                    .orElse(0);
            if (most > 0) {
                svg.append(text(0, y + 12, "label", line.job().label()));
                for (Peer peer : results.setup().peers()) {
                    Optional<Spread> figure = results.figure(line, peer, metric);
                    if (figure.isPresent()) {
                        svg.append(bar(line, peer, metric, figure.get(), most, y));
                        y += ROW;
                    }
                }
                y += GAP;
            }
        }
        return svg.isEmpty()
                ? ""
                : String.format(
                        Locale.ROOT,
                        "<svg viewBox='0 0 %d %d' role='img'><title>%s</title>%s</svg>",
                        WIDTH,
                        y,
                        Html.escape(metric.title()),
                        svg);
    }

    private String bar(Results.Line line, Peer peer, Metric metric, Spread figure, double most, int y) {
        double room = WIDTH - LABELS - BEHIND;
        double width = Math.max(1, room * figure.median() / most);
        String factor = peer == results.setup().base()
                ? ""
                : results.ratio(line, peer, metric)
                        .map(ratio -> "  " + ratio.asFactor())
                        .orElse("");
        return String.format(
                        Locale.ROOT,
                        "<rect class='%s' x='%d' y='%d' width='%.1f' height='%d'><title>%s: %s to %s in the blocks</title></rect>",
                        peer.label(),
                        LABELS,
                        y,
                        width,
                        ROW - 3,
                        peer.label(),
                        Spread.shorten(figure.min()),
                        Spread.shorten(figure.max()))
                + text(
                        LABELS + width + 6,
                        y + 12,
                        "value",
                        peer.label() + "  " + Spread.shorten(figure.median()) + factor);
    }

    private static String text(double x, int y, String style, String text) {
        return String.format(Locale.ROOT, "<text class='%s' x='%.1f' y='%d'>%s</text>", style, x, y, Html.escape(text));
    }
}
