package dev.store.jepsen.report;

import dev.store.jepsen.history.Call;
import dev.store.jepsen.history.History;
import dev.store.jepsen.history.OpType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a history that shows a violation: the operations that the first problem names, and those on the same key that
 * overlap them in time.
 *
 * @param calls in order of invocation
 * @param named places of the invocations of those that the problem names
 */
public record Witness(List<Call> calls, Set<Long> named) {
    /** Nothing to show. */
    public static final Witness NONE = new Witness(List.of(), Set.of());

    private static final Pattern PLACE = Pattern.compile("#(\\d+)");
    private static final int MOST = 40;
    private static final int ROW = 22;
    private static final int LEFT = 90;
    private static final int WIDTH = 1000;

    public Witness {
        calls = List.copyOf(calls);
        named = Set.copyOf(named);
    }

    /** The witness of the first of these reasons that names operations. */
    public static Witness of(History history, List<String> reasons) {
        List<Call> all = history.calls();
        for (String reason : reasons) {
            // A verdict lists many problems, one a line: the first one is enough.
            for (String problem : reason.split("\n", -1)) {
                Set<Long> places = new HashSet<>();
                Matcher matcher = PLACE.matcher(problem);
                while (matcher.find()) {
                    places.add(Long.parseLong(matcher.group(1)));
                }
                List<Call> named = all.stream()
                        .filter(call -> places.contains(call.begin().index()))
                        .toList();
                if (!named.isEmpty()) {
                    return around(all, named);
                }
            }
        }
        return NONE;
    }

    private static Witness around(List<Call> all, List<Call> named) {
        long from = named.stream().mapToLong(call -> call.begin().index()).min().orElse(0);
        long until = named.stream()
                .mapToLong(call -> call.end() == null ? from : call.end().index())
                .max()
                .orElse(from);
        Set<String> keys = new HashSet<>();
        Set<Long> places = new HashSet<>();
        for (Call call : named) {
            keys.add(call.key());
            places.add(call.begin().index());
        }
        List<Call> shown = new ArrayList<>(named);
        for (Call call : all) {
            boolean overlaps = call.begin().index() <= until && call.endIndex() >= from;
            if (shown.size() < MOST
                    && overlaps
                    && !call.key().isEmpty()
                    && keys.contains(call.key())
                    && call.outcome() != OpType.FAIL
                    && !places.contains(call.begin().index())) {
                shown.add(call);
            }
        }
        shown.sort(Comparator.comparingLong(call -> call.begin().index()));
        return new Witness(shown, places);
    }

    /** A drawing of it: a row for each process, a bar for each operation. */
    String svg() {
        if (calls.isEmpty()) {
            return "";
        }
        TreeSet<Long> processes = new TreeSet<>();
        long first = Long.MAX_VALUE;
        long last = 0;
        for (Call call : calls) {
            processes.add(call.begin().process());
            first = Math.min(first, call.begin().time());
            last = Math.max(
                    last, call.end() == null ? call.begin().time() : call.end().time());
        }
        double scale = (WIDTH - LEFT - 10.0) / Math.max(1, last - first);
        List<Long> rows = new ArrayList<>(processes);
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(
                Locale.ROOT, "<svg viewBox='0 0 %d %d' class='witness' role='img'>", WIDTH, rows.size() * ROW + 24));
        for (int i = 0; i < rows.size(); i++) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x='2' y='%d'>process %d</text><line x1='%d' x2='%d' y1='%d' y2='%d' class='grid'/>",
                    i * ROW + 15,
                    rows.get(i),
                    LEFT,
                    WIDTH,
                    i * ROW + 11,
                    i * ROW + 11));
        }
        for (Call call : calls) {
            int row = rows.indexOf(call.begin().process());
            double x = LEFT + (call.begin().time() - first) * scale;
            long end = call.end() == null ? last : call.end().time();
            double width = Math.max(3, (end - call.begin().time()) * scale);
            String kind = call.outcome() == OpType.OK ? "ok" : call.outcome() == OpType.FAIL ? "fail" : "info";
            svg.append(String.format(
                    Locale.ROOT,
                    "<g class='%s%s'><rect x='%.1f' y='%d' width='%.1f' height='16' rx='3'/>"
                            + "<text x='%.1f' y='%d'>%s</text><title>%s</title></g>",
                    kind,
                    named.contains(call.begin().index()) ? " named" : "",
                    x,
                    row * ROW + 3,
                    width,
                    x + 3,
                    row * ROW + 15,
                    Page.escape(shortly(call)),
                    Page.escape(call.toString())));
        }
        svg.append(String.format(
                Locale.ROOT,
                "<text x='%d' y='%d'>%.3f s to %.3f s of the run</text></svg>",
                LEFT,
                rows.size() * ROW + 18,
                first / 1e9,
                last / 1e9));
        return svg.toString();
    }

    private static String shortly(Call call) {
        Object what = call.f().contains("read") || call.argument() == null ? call.answer() : call.argument();
        String text = call.f() + " " + call.key() + " " + what;
        return text.length() > 40 ? text.substring(0, 39) + "…" : text;
    }
}
