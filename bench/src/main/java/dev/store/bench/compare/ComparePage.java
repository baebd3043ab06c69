package dev.store.bench.compare;

import dev.store.bench.work.Work;
import java.util.List;
import java.util.Map;

/** The results as a page that needs nothing but itself. */
final class ComparePage {
    private static final String STYLE = """
            body { font: 15px/1.45 system-ui, sans-serif; margin: 2em auto; max-width: 1100px; padding: 0 1em; color: #1b1f24; }
            h1 { font-size: 1.5em; } h2 { font-size: 1.15em; margin-top: 2em; }
            table { border-collapse: collapse; font-size: 12px; } .wide { overflow-x: auto; }
            td, th { border: 1px solid #d5dae0; padding: .2em .5em; font-weight: normal; white-space: nowrap; text-align: left; }
            th { background: #f5f6f8; } svg { width: 100%; display: block; margin: .5em 0; }
            svg.curve { width: 49%; display: inline-block; } svg text { font-size: 11px; fill: #333; }
            svg text.tick { font-size: 10px; fill: #666; } polyline { fill: none; stroke-width: 2; } .grid { stroke: #e3e6ea; }
            rect.etcd { fill: #8a94a3; } polyline.etcd { stroke: #8a94a3; }
            rect.store-etcd { fill: #2b6cb0; } polyline.store-etcd { stroke: #2b6cb0; }
            rect.store { fill: #1f7a3d; } polyline.store { stroke: #1f7a3d; }
            rect.zookeeper { fill: #b7791f; } polyline.zookeeper { stroke: #b7791f; }
            .key span { display: inline-block; width: .8em; height: .8em; margin: 0 .3em 0 1em; }
            .key .etcd { background: #8a94a3; } .key .store-etcd { background: #2b6cb0; }
            .key .store { background: #1f7a3d; } .key .zookeeper { background: #b7791f; }
            .error { background: #f8d3d3; padding: .3em .6em; }
            """;

    private final Results results;
    private final Map<String, Object> machine;

    ComparePage(Results results, Map<String, Object> machine) {
        this.results = results;
        this.machine = machine;
    }

    String html() {
        StringBuilder html = new StringBuilder("<!doctype html><html lang='en'><head><meta charset='utf-8'>");
        html.append("<title>Store side by side</title><style>").append(STYLE).append("</style></head><body>\n");
        html.append("<h1>Store side by side with others</h1>\n").append(whatRan());
        for (Results.Failure failure : results.failures()) {
            html.append("<p class='error'>")
                    .append(Html.escape("block " + failure.block() + ", "
                            + failure.peer().label() + ", " + failure.what() + ": " + failure.message()))
                    .append("</p>\n");
        }
        bars(html, "CPU time of all nodes for one operation, in microseconds", Metric.SERVER_CPU, Phase.FULL);
        bars(html, "In a second, each client as fast as it can", Metric.PER_SECOND, Phase.FULL);
        bars(
                html,
                "Latency at the 99th percentile in ms, at half of what the slowest system took",
                Metric.P99,
                Phase.STEADY);
        bars(html, "Median latency in ms at the same load", Metric.P50, Phase.STEADY);
        bars(
                html,
                "Hand-over of a lock that all want, median in ms: from giving it back to having it",
                Metric.HAND_OVER_P50,
                Phase.FULL);
        bars(html, "Bytes written to disk for one operation, three nodes together", Metric.DISK, Phase.FULL);
        bars(html, "Once: how long it took, in ms", Metric.MILLIS, Phase.ONCE);
        bars(html, "Resident memory of the largest node in MiB", Metric.RESIDENT, Phase.ONCE);
        curves(html);
        CompareTable table = new CompareTable(results);
        table(html, "All figures: medians of the blocks", table.loads());
        table(html, "What happens once", table.events());
        return html.append("</body></html>\n").toString();
    }

    private String whatRan() {
        Setup setup = results.setup();
        StringBuilder html = new StringBuilder("<p class='key'>");
        setup.peers().forEach(peer -> html.append("<span class='")
                .append(peer.label())
                .append("'></span>")
                .append(peer.label()));
        html.append("</p>\n<ul>");
        setup.peers().forEach(peer -> html.append("<li>")
                .append(Html.escape(peer.label() + ": " + peer.description()))
                .append("</li>"));
        html.append(String.format(
                "<li>load and nodes on one machine, one cluster at a time, all write through to the disk (fsync); "
                        + "keys of 8 bytes out of %d, values of %d bytes; clients spread over all nodes</li>"
                        + "<li>%d blocks, the order of the systems turned in every second one; a stretch of %d s after "
                        + "%d s of warm-up, %d s on a fresh cluster; figures are medians of the blocks, factors medians "
                        + "of the factors to %s within a block, with the least and the most</li>",
                setup.sizes().keySpace(),
                setup.sizes().valueBytes(),
                setup.blocks(),
                setup.times().measured().toSeconds(),
                setup.times().warmUp().toSeconds(),
                setup.times().fresh().toSeconds(),
                setup.base().label()));
        machine.forEach((name, value) -> html.append("<li>")
                .append(Html.escape(name.replace('_', ' ') + ": " + value))
                .append("</li>"));
        return html.append("</ul>\n").toString();
    }

    private void bars(StringBuilder html, String title, Metric metric, Phase phase) {
        List<Results.Line> lines =
                results.lines().stream().filter(line -> line.phase() == phase).toList();
        section(
                html,
                title + (metric.moreIsBetter() ? " (more is better)" : " (less is better)"),
                new Bars(results).svg(lines, metric));
    }

    private void curves(StringBuilder html) {
        StringBuilder drawings = new StringBuilder();
        for (Work work : Curve.worksOf(results)) {
            for (Metric metric : List.of(Metric.PER_SECOND, Metric.SERVER_CPU, Metric.P50, Metric.P99)) {
                drawings.append(new Curve(results, work, metric).svg());
            }
        }
        section(html, "With more and more of them", drawings.toString());
    }

    private static void table(StringBuilder html, String title, List<List<String>> rows) {
        if (rows.size() > 1) {
            section(html, title, "<div class='wide'>" + Html.table(rows) + "</div>");
        }
    }

    private static void section(StringBuilder html, String title, String content) {
        if (!content.isEmpty()) {
            html.append("<h2>")
                    .append(Html.escape(title))
                    .append("</h2>\n")
                    .append(content)
                    .append('\n');
        }
    }
}
