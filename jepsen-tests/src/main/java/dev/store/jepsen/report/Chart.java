package dev.store.jepsen.report;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Rates and latencies over time, with the faults drawn in. */
final class Chart {
    private static final int WIDTH = 1000;
    private static final int HEIGHT = 120;
    private static final int LEFT = 60;
    private static final int BOTTOM = 16;

    private final Figures figures;
    private final StringBuilder svg = new StringBuilder();

    private Chart(Figures figures) {
        this.figures = figures;
    }

    /** Both drawings. */
    static String of(Figures figures) {
        Chart chart = new Chart(figures);
        chart.draw(
                "operations a second",
                List.of(
                        new Line("answered", "ok", Figures.Second::ok),
                        new Line("refused", "fail", Figures.Second::failed),
                        new Line("unknown", "info", Figures.Second::unknown)));
        chart.draw(
                "latency of answers in ms",
                List.of(
                        new Line("99 of 100", "p99", Figures.Second::p99Ms),
                        new Line("half", "p50", Figures.Second::medianMs)));
        return chart.svg.toString();
    }

    private record Line(String name, String style, ToDoubleFunction<Figures.Second> value) {}

    private void draw(String title, List<Line> lines) {
        List<Figures.Second> seconds = figures.seconds();
        double most = 1;
        for (Line line : lines) {
            most = Math.max(
                    most, seconds.stream().mapToDouble(line.value()).max().orElse(1));
        }
        double across = (WIDTH - LEFT - 5.0) / Math.max(1, seconds.size());
        double up = (HEIGHT - BOTTOM - 14.0) / most;
        add(String.format(
                Locale.ROOT,
                "<svg viewBox='0 0 %d %d' class='chart' role='img'><title>%s</title>",
                WIDTH,
                HEIGHT,
                Page.escape(title)));
        for (Figures.Strike strike : figures.strikes()) {
            add(String.format(
                    Locale.ROOT,
                    "<rect class='strike%s' x='%.1f' y='12' width='%.1f' height='%d'><title>%s, %.1f s to %.1f s</title></rect>",
                    strike.bit() ? "" : " toothless",
                    LEFT + strike.fromSeconds() * across,
                    Math.max(1.5, (strike.untilSeconds() - strike.fromSeconds()) * across),
                    HEIGHT - BOTTOM - 12,
                    Page.escape(strike.name()),
                    strike.fromSeconds(),
                    strike.untilSeconds()));
        }
        add(String.format(
                Locale.ROOT, "<text x='2' y='10'>%s</text><text x='2' y='24'>%.0f</text>", Page.escape(title), most));
        add(String.format(Locale.ROOT, "<text x='2' y='%d'>0</text>", HEIGHT - BOTTOM));
        for (Line line : lines) {
            StringBuilder points = new StringBuilder();
            for (int i = 0; i < seconds.size(); i++) {
                points.append(String.format(
                        Locale.ROOT,
                        "%.1f,%.1f ",
                        LEFT + (i + 0.5) * across,
                        HEIGHT - BOTTOM - line.value().applyAsDouble(seconds.get(i)) * up));
            }
            add(String.format(
                    Locale.ROOT,
                    "<polyline class='line %s' points='%s'><title>%s</title></polyline>",
                    line.style(),
                    points,
                    line.name()));
        }
        int step = Math.max(1, seconds.size() / 10);
        for (int i = 0; i < seconds.size(); i += step) {
            add(String.format(Locale.ROOT, "<text x='%.1f' y='%d'>%d s</text>", LEFT + i * across, HEIGHT - 3, i));
        }
        svg.append("</svg>");
    }

    private void add(String text) {
        svg.append(text);
    }
}
