package dev.store.jepsen.report;

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
     * @param workload its traffic
     * @param fault what was done
     * @param command how to do it again
     * @param status what it shows
     * @param reasons why it is not valid
     * @param faults what was done, in words
     * @param figures rates and latencies
     * @param witness what shows the violation
     */
    public record Section(
            String workload,
            String fault,
            String command,
            String status,
            List<String> reasons,
            List<String> faults,
            Figures figures,
            Witness witness) {
        public Section {
            reasons = List.copyOf(reasons);
            faults = List.copyOf(faults);
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
        long ok = 0;
        long unknown = 0;
        long bites = 0;
        long violations = 0;
        long invalid = 0;
        for (Section section : sections) {
            ok += section.figures().ok();
            unknown += section.figures().unknown();
            bites += section.figures().bites();
            violations += section.status().equals("VIOLATION") ? 1 : 0;
            invalid += section.status().equals("INVALID_RUN") ? 1 : 0;
        }
        return silences(sections)
                + String.format(
                        Locale.ROOT,
                        "<p>%d histories, %d operations answered and %d of unknown outcome, %d faults that bit. "
                                + "<b>%d violations</b>, %d invalid runs.</p>",
                        sections.size(),
                        ok,
                        unknown,
                        bites,
                        violations,
                        invalid);
    }

    /** For each fault the longest time without any answer, as its median and its most. */
    private static String silences(List<Section> sections) {
        Map<String, List<Double>> byFault = new TreeMap<>();
        for (Section section : sections) {
            for (Figures.Strike strike : section.figures().strikes()) {
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
            workloads.add(section.workload());
            faults.add(section.fault());
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
            if (section.workload().equals(workload) && section.fault().equals(fault)) {
                boolean worse = worst.isEmpty()
                        || worst.equals("VALID")
                        || section.status().equals("VIOLATION");
                worst = worse ? section.status() : worst;
                links.append(String.format(
                        Locale.ROOT,
                        " <a href='#run%d'>%d</a>",
                        i,
                        section.figures().ok()));
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
                escape(section.workload()),
                escape(section.fault()),
                section.status(),
                section.status(),
                escape(section.command())));
        section.reasons()
                .forEach(reason -> html.append("<pre>").append(escape(reason)).append("</pre>"));
        html.append(section.witness().svg()).append(Chart.of(section.figures()));
        html.append(String.format(
                Locale.ROOT,
                "<p>%d operations answered, %d refused, %d of unknown outcome; %d faults that bit.</p>",
                section.figures().ok(),
                section.figures().failed(),
                section.figures().unknown(),
                section.figures().bites()));
        html.append("<ol>");
        section.faults()
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
