package dev.store.jepsen.report;

import dev.store.jepsen.history.Call;
import dev.store.jepsen.history.History;
import dev.store.jepsen.history.OpType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Rates and latencies of a run by second, with its faults.
 *
 * @param ok operations that were answered
 * @param failed operations that were refused
 * @param unknown operations whose outcome is not known
 * @param seconds the seconds of the run
 * @param strikes its faults
 * @param failovers how long no write got through after those that took the leader
 */
public record Figures(
        long ok, long failed, long unknown, List<Second> seconds, List<Strike> strikes, List<Failover> failovers) {
    /** Calls that are not traffic but tell of the run. */
    private static final Set<String> ABOUT = Set.of(
            "run", "timeline", "watched", "compare-members", "subscription", "observation", "lease-gone", "compact");

    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    public Figures {
        seconds = List.copyOf(seconds);
        strikes = List.copyOf(strikes);
        failovers = List.copyOf(failovers);
    }

    /**
     * One second.
     *
     * @param ok operations answered in it
     * @param failed refused
     * @param unknown given up
     * @param medianMs latency that half of the answers did not exceed
     * @param p99Ms latency that 99 of 100 did not exceed
     */
    public record Second(int ok, int failed, int unknown, double medianMs, double p99Ms) {}

    /**
     * One fault.
     *
     * @param name which
     * @param fromSeconds when it began
     * @param untilSeconds when the cluster was whole again
     * @param silenceSeconds the longest time without any answer that lies in it, at least in part
     * @param bit whether it is proved to have bitten
     */
    public record Strike(String name, double fromSeconds, double untilSeconds, double silenceSeconds, boolean bit) {}

    /** Whether a call is one of a client rather than about the run. */
    public static boolean isTraffic(Call call) {
        return !ABOUT.contains(call.f()) && !call.f().startsWith("nemesis-");
    }

    /** The figures of a history. */
    public static Figures of(History history) {
        List<Call> calls = history.calls();
        double end = history.ops().isEmpty()
                ? 0
                : history.ops().get(history.ops().size() - 1).time() / NANOS;
        int size = (int) end + 1;
        List<List<Double>> latencies = new ArrayList<>();
        List<EnumMap<OpType, Integer>> counts = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            latencies.add(new ArrayList<>());
            counts.add(new EnumMap<>(OpType.class));
        }
        List<Strike> strikes = new ArrayList<>();
        double[] answers = answers(calls);
        EnumMap<OpType, Integer> totals = new EnumMap<>(OpType.class);
        for (Call call : calls) {
            double until = call.end() == null ? end : call.end().time() / NANOS;
            if (call.f().startsWith("nemesis-")) {
                strikes.add(new Strike(
                        call.f().substring("nemesis-".length()),
                        call.begin().time() / NANOS,
                        until,
                        silence(answers, call.begin().time() / NANOS, until),
                        call.outcome() == OpType.OK));
            } else if (isTraffic(call)) {
                counts.get((int) until).merge(call.outcome(), 1, Integer::sum);
                totals.merge(call.outcome(), 1, Integer::sum);
                if (call.outcome() == OpType.OK) {
                    latencies.get((int) until).add((until - call.begin().time() / NANOS) * 1_000);
                }
            }
        }
        List<Second> seconds = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            double[] sorted = latencies.get(i).stream()
                    .mapToDouble(Double::doubleValue)
                    .sorted()
                    .toArray();
            seconds.add(new Second(
                    counts.get(i).getOrDefault(OpType.OK, 0),
                    counts.get(i).getOrDefault(OpType.FAIL, 0),
                    counts.get(i).getOrDefault(OpType.INFO, 0),
                    quantile(sorted, 0.5),
                    quantile(sorted, 0.99)));
        }
        return new Figures(
                totals.getOrDefault(OpType.OK, 0),
                totals.getOrDefault(OpType.FAIL, 0),
                totals.getOrDefault(OpType.INFO, 0),
                seconds,
                strikes,
                Failover.of(calls));
    }

    private static double[] answers(List<Call> calls) {
        return calls.stream()
                .filter(call -> isTraffic(call) && call.outcome() == OpType.OK && call.end() != null)
                .mapToDouble(call -> call.end() == null ? 0 : call.end().time() / NANOS)
                .sorted()
                .toArray();
    }

    private static double silence(double[] answers, double from, double until) {
        double longest = 0;
        for (int i = 1; i < answers.length; i++) {
            if (answers[i] >= from && answers[i - 1] <= until) {
                longest = Math.max(longest, answers[i] - answers[i - 1]);
            }
        }
        return longest;
    }

    /** What this part of them does not exceed; 0 of none. */
    static double quantile(double[] sorted, double part) {
        return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)];
    }

    /** How many faults are proved to have bitten. */
    public long bites() {
        return strikes.stream().filter(Strike::bit).count();
    }

    /** The longest time, in seconds, without any answer between the first and the last one. */
    public int longestSilence() {
        int longest = 0;
        int last = -1;
        for (int i = 0; i < seconds.size(); i++) {
            if (seconds.get(i).ok() > 0) {
                longest = last < 0 ? 0 : Math.max(longest, i - last - 1);
                last = i;
            }
        }
        return longest;
    }
}
