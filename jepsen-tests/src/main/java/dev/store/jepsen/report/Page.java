package dev.store.jepsen.report;

import dev.store.jepsen.history.History;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A page about runs that needs nothing but itself. */
public final class Page {
    private static final String STYLE = """
            body { font: 15px/1.45 system-ui, sans-serif; margin: 2em auto; max-width: 1060px; padding: 0 1em; color: #1b1f24; }
            h1 { font-size: 1.5em; } h2 { font-size: 1.15em; margin-top: 2em; }
            table { border-collapse: collapse; } td, th { border: 1px solid #d5dae0; padding: .25em .6em; font-weight: normal; }
            .VALID { background: #dcf3e2; } .VIOLATION { background: #f8d3d3; } .INVALID_RUN { background: #fbeecb; }
            td a { color: inherit; } code, pre { font-size: 13px; } pre { background: #f5f6f8; padding: .7em; overflow: auto; }
            svg { width: 100%; display: block; margin: .5em 0; } svg text { font-size: 10px; fill: #444; }
            .line { fill: none; stroke-width: 1.5; } .line.ok { stroke: #1f7a3d; } .line.fail { stroke: #b7791f; }
            .line.info { stroke: #c53030; } .line.p50 { stroke: #2b6cb0; } .line.p99 { stroke: #805ad5; }
            .strike { fill: #c53030; opacity: .13; } .strike.toothless { fill: #777; }
            .witness .ok rect { fill: #bfe5c9; } .witness .fail rect { fill: #eee0bd; } .witness .info rect { fill: #f3c9c9; }
            .witness .named rect { stroke: #c53030; stroke-width: 2; } .grid { stroke: #e3e6ea; }
            """;

    private Page() {}

    /**
     * One run.
     *
     * @param run what it leaves
     * @param witness what shows the violation
     */
    public record Section(RunRecord run, Witness witness) {
        /** The section of a run that is kept in a folder. */
        public static Section of(RunRecord run, Path place) {
            Path history = place.resolve("history.edn");
            // Without verdicts it was the cluster that broke, and no operation shows it.
            boolean shown = run.status().equals(RunRecord.VIOLATION) && run.verdicts() > 0 && Files.exists(history);
            return new Section(run, shown ? Witness.of(History.read(history), run.reasons()) : Witness.NONE);
        }
    }

    /** Writes {@code index.html} into a folder; returns its path as text. */
    public static String write(List<Section> sections, Path folder) {
        Path file = folder.resolve("index.html");
        try {
            Files.createDirectories(folder);
            Files.writeString(file, html(sections));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        return file.toString();
    }

    static String html(List<Section> sections) {
        StringBuilder html = new StringBuilder("<!doctype html><html lang='en'><head><meta charset='utf-8'>");
        html.append("<title>Store under faults</title><style>").append(STYLE).append("</style></head><body>");
        html.append("<h1>Store under faults</h1>").append(totals(sections)).append(table(sections));
        for (int i = 0; i < sections.size(); i++) {
            html.append(section(i, sections.get(i)));
        }
        return html.append("</body></html>\n").toString();
    }

    private static String totals(List<Section> sections) {
        List<RunRecord> runs = sections.stream().map(Section::run).toList();
        Summary summary = Summary.of(runs, 0);
        return silences(sections)
                + failovers(summary)
                + String.format(
                        Locale.ROOT,
                        "<p>%d histories, %d operations answered and %d of unknown outcome, %d faults that bit. "
                                + "<b>%d violations</b>, %d invalid runs.</p>",
                        summary.histories(),
                        summary.answered(),
                        summary.unknown(),
                        summary.bites(),
                        summary.violations(),
                        summary.invalid());
    }

    /** For each fault that takes the leader how long it took until a write got through. */
    private static String failovers(Summary summary) {
        if (summary.failovers().isEmpty()) {
            return "";
        }
        StringBuilder list = new StringBuilder("<p>Until the next write was acknowledged:</p><ul>");
        summary.failovers()
                .forEach(times ->
                        list.append("<li>").append(escape(times.toString())).append("</li>"));
        return list.append("</ul>").toString();
    }

    /** For each fault the longest time without any answer, as its median and its most. */
    private static String silences(List<Section> sections) {
        Map<String, List<Double>> byFault = new TreeMap<>();
        for (Section section : sections) {
            for (Figures.Strike strike : section.run().figures().strikes()) {
                byFault.computeIfAbsent(strike.name(), name -> new ArrayList<>())
                        .add(strike.silenceSeconds());
            }
        }
        StringBuilder table =
                new StringBuilder("<details><summary>Faults, and the longest time without any answer</summary><table>"
                        + "<tr><th>fault</th><th>times</th><th>median, s</th><th>most, s</th></tr>");
        byFault.forEach((name, silences) -> {
            Collections.sort(silences);
            table.append(String.format(
                    Locale.ROOT,
                    "<tr><td>%s</td><td>%d</td><td>%.1f</td><td>%.1f</td></tr>",
                    escape(name),
                    silences.size(),
                    silences.get(silences.size() / 2),
                    silences.get(silences.size() - 1)));
        });
        return table.append("</table></details>").toString();
    }

    private static String table(List<Section> sections) {
        Set<String> workloads = new LinkedHashSet<>();
        Set<String> faults = new LinkedHashSet<>();
        for (Section section : sections) {
            workloads.add(section.run().workload());
            faults.add(section.run().fault());
        }
        StringBuilder table = new StringBuilder("<table><tr><th></th>");
        faults.forEach(fault -> table.append("<th>").append(escape(fault)).append("</th>"));
        table.append("</tr>");
        for (String workload : workloads) {
            table.append("<tr><th>").append(escape(workload)).append("</th>");
            for (String fault : faults) {
                cells(sections, workload, fault, table);
            }
            table.append("</tr>");
        }
        return table.append("</table>").toString();
    }

    private static void cells(List<Section> sections, String workload, String fault, StringBuilder table) {
        String worst = "";
        StringBuilder links = new StringBuilder();
        for (int i = 0; i < sections.size(); i++) {
            Section section = sections.get(i);
            if (section.run().workload().equals(workload)
                    && section.run().fault().equals(fault)) {
                boolean worse = worst.isEmpty()
                        || worst.equals("VALID")
                        || section.run().status().equals("VIOLATION");
                worst = worse ? section.run().status() : worst;
                links.append(String.format(
                        Locale.ROOT,
                        " <a href='#run%d'>%d</a>",
                        i,
                        section.run().figures().ok()));
            }
        }
        table.append("<td class='").append(worst).append("'>").append(links).append("</td>");
    }

    private static String section(int number, Section section) {
        StringBuilder html = new StringBuilder();
        html.append(String.format(
                Locale.ROOT,
                "<h2 id='run%d'>%s under %s: <span class='%s'>%s</span></h2><p><code>bin/jepsen run %s</code></p>",
                number,
                escape(section.run().workload()),
                escape(section.run().fault()),
                section.run().status(),
                section.run().status(),
                escape(section.run().command())));
        section.run()
                .reasons()
                .forEach(reason -> html.append("<pre>").append(escape(reason)).append("</pre>"));
        html.append(section.witness().svg()).append(Chart.of(section.run().figures()));
        html.append(String.format(
                Locale.ROOT,
                "<p>%d operations answered, %d refused, %d of unknown outcome; %d faults that bit.</p>",
                section.run().figures().ok(),
                section.run().figures().failed(),
                section.run().figures().unknown(),
                section.run().figures().bites()));
        html.append("<ol>");
        section.run()
                .faults()
                .forEach(fault -> html.append("<li>").append(escape(fault)).append("</li>"));
        return html.append("</ol>").toString();
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&#39;")
                .replace("\"", "&quot;");
    }
}
