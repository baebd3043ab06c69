package dev.store.bench.compare;

import dev.store.bench.work.Job;
import dev.store.bench.work.Work;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

/** How a figure of one work changes with the number of those that take part; both axes are logarithmic. */
final class Curve {
    /** Fewer points are no curve. */
    static final int FEWEST = 3;

    private static final int WIDTH = 480;
    private static final int HEIGHT = 260;
    private static final int LEFT = 62;
    private static final int BOTTOM = 34;
    private static final int TOP = 24;
    private static final int RIGHT = 14;

    private final Results results;
    private final Work work;
    private final Metric metric;

    Curve(Results results, Work work, Metric metric) {
        this.results = results;
        this.work = work;
        this.metric = metric;
    }

    /** A point of a system's line. */
    private record Point(int count, double value) {}

    /** The lines of a work under full load, one for each number of those that take part. */
    private List<Results.Line> lines() {
        TreeMap<Integer, Results.Line> byCount = new TreeMap<>();
        for (Results.Line line : results.lines()) {
            if (line.job().work() == work && line.phase() == Phase.FULL) {
                byCount.putIfAbsent(line.job().count(), line);
            }
        }
        return List.copyOf(byCount.values());
    }

    /** The drawing; empty if there are too few points. */
    String svg() {
        List<Results.Line> lines = lines();
        List<Point> all = new ArrayList<>();
        results.setup().peers().forEach(peer -> all.addAll(points(lines, peer)));
        if (lines.size() < FEWEST || all.isEmpty()) {
            return "";
        }
        double fewest = lines.get(0).job().count();
        double most = lines.get(lines.size() - 1).job().count();
        double low = floorDecade(all.stream().mapToDouble(Point::value).min().orElse(1));
        double high = all.stream().mapToDouble(Point::value).max().orElse(1) * 1.1;
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg class='curve' viewBox='0 0 %d %d' role='img'><title>%s</title><text class='label' x='4' y='14'>%s</text>",
                WIDTH,
                HEIGHT,
                Html.escape(work.label()),
                Html.escape(work.label() + ", " + metric.title())));
        grid(svg, low, high);
        for (Results.Line line : lines) {
            int count = line.job().count();
            svg.append(String.format(
                    Locale.ROOT,
                    "<text class='tick' text-anchor='middle' x='%.1f' y='%d'>%d</text>",
                    x(count, fewest, most),
                    HEIGHT - BOTTOM + 16,
                    count));
        }
        svg.append(String.format(
                Locale.ROOT,
                "<text class='tick' text-anchor='end' x='%d' y='%d'>%s</text>",
                WIDTH - RIGHT,
                HEIGHT - 3,
                work.counts().word()));
        for (Peer peer : results.setup().peers()) {
            StringBuilder points = new StringBuilder();
            for (Point point : points(lines, peer)) {
                points.append(String.format(
                        Locale.ROOT, "%.1f,%.1f ", x(point.count(), fewest, most), y(point.value(), low, high)));
            }
            svg.append(String.format(
                    "<polyline class='%s' points='%s'><title>%s</title></polyline>",
                    peer.label(), points, peer.label()));
        }
        return svg.append("</svg>").toString();
    }

    /** Works that were measured with enough different numbers. */
    static List<Work> worksOf(Results results) {
        return results.setup().jobs().stream()
                .map(Job::work)
                .distinct()
                .filter(work ->
                        new Curve(results, work, Metric.PER_SECOND).lines().size() >= FEWEST)
                .sorted(Comparator.naturalOrder())
                .toList();
    }

    private List<Point> points(List<Results.Line> lines, Peer peer) {
        List<Point> points = new ArrayList<>();
        for (Results.Line line : lines) {
            Optional<Spread> figure = results.figure(line, peer, metric);
            figure.filter(spread -> spread.median() > 0)
                    .ifPresent(spread -> points.add(new Point(line.job().count(), spread.median())));
        }
        return points;
    }

    private static void grid(StringBuilder svg, double low, double high) {
        for (double value = low; value <= high; value *= 10) {
            double y = y(value, low, high);
            svg.append(String.format(
                    Locale.ROOT,
                    "<line class='grid' x1='%d' x2='%d' y1='%.1f' y2='%.1f'/>"
                            + "<text class='tick' text-anchor='end' x='%d' y='%.1f'>%s</text>",
                    LEFT,
                    WIDTH - RIGHT,
                    y,
                    y,
                    LEFT - 6,
                    y + 4,
                    value < 1 ? Double.toString(value) : String.format(Locale.ROOT, "%,.0f", value)));
        }
    }

    private static double floorDecade(double value) {
        return Math.pow(10, Math.floor(Math.log10(value)));
    }

    private static double x(double count, double fewest, double most) {
        double share = most == fewest ? 0.5 : Math.log(count / fewest) / Math.log(most / fewest);
        return LEFT + 8 + share * (WIDTH - LEFT - RIGHT - 16);
    }

    private static double y(double value, double low, double high) {
        double share = high <= low ? 0.5 : Math.log(value / low) / Math.log(high / low);
        return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP);
    }
}
