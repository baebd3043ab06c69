package dev.store.jepsen.run;

import dev.store.jepsen.check.BankChecker;
import dev.store.jepsen.check.ElectionChecker;
import dev.store.jepsen.check.ExactlyOnceChecker;
import dev.store.jepsen.check.FencingChecker;
import dev.store.jepsen.check.Histories;
import dev.store.jepsen.check.HoldersChecker;
import dev.store.jepsen.check.LeaseChecker;
import dev.store.jepsen.check.ListAppendChecker;
import dev.store.jepsen.check.SetFullChecker;
import dev.store.jepsen.check.Verdict;
import dev.store.jepsen.check.VersionsChecker;
import dev.store.jepsen.history.Call;
import dev.store.jepsen.history.History;
import dev.store.jepsen.history.OpType;
import dev.store.jepsen.workload.BankWorkload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Holds a history against everything that its workload promises. */
public final class Judge {
    private static final Duration SEARCH = Duration.ofMinutes(2);
    /** A lease counts again from a change of leader on, and without a majority nothing ends. */
    private static final Duration LATENESS = Duration.ofMinutes(2);

    private static final int PERMITS = 3;

    private Judge() {}

    /** The workload of a history; throws IllegalArgumentException if it does not say. */
    public static WorkloadKind workload(History history) {
        List<Call> found = history.calls("run");
        if (found.isEmpty()) {
            throw new IllegalArgumentException("no call run in the history (expected: one, which names the workload)");
        }
        return WorkloadKind.of(found.get(0).key());
    }

    /** All verdicts on a history. */
    public static List<Verdict> verdicts(History history) {
        List<Call> calls = history.calls();
        List<Verdict> verdicts = new ArrayList<>(
                switch (workload(history)) {
                    case REGISTER, WATCH -> Histories.registers(history, SEARCH);
                    case SET -> List.of(new SetFullChecker().check(calls));
                    case APPEND -> List.of(new ListAppendChecker().check(calls));
                    case BANK -> List.of(new BankChecker(BankWorkload.TOTAL).check(calls));
                    case LEASE, REGISTRY -> List.of(new LeaseChecker(LATENESS).check(calls));
                    case LOCK ->
                        List.of(
                                new FencingChecker().check(calls, Histories.timeline(history)),
                                new HoldersChecker(1).check(calls));
                    case SEMAPHORE ->
                        List.of(
                                new FencingChecker().check(calls, Histories.timeline(history)),
                                new HoldersChecker(PERMITS).check(calls));
                    case ELECTION -> List.of(new HoldersChecker(1).check(calls), new ElectionChecker().check(calls));
                    case CONFIG -> List.of(new VersionsChecker().check(calls));
                    case ONCE ->
                        List.of(new ExactlyOnceChecker().check(history.calls("once"), Histories.timeline(history)));
                });
        verdicts.addAll(Histories.watchers(history));
        verdicts.add(members(history));
        return verdicts;
    }

    /** Whether all members held the same at the end, as the rig found. */
    private static Verdict members(History history) {
        List<Call> compared = history.calls("compare-members");
        if (compared.isEmpty()) {
            return new Verdict("members", Verdict.Status.UNKNOWN, List.of("members were never compared"));
        }
        List<String> problems = compared.stream()
                .filter(call -> call.outcome() != OpType.OK)
                .map(call -> String.valueOf(call.facts().get("error")))
                .toList();
        return new Verdict("members", problems.isEmpty() ? Verdict.Status.VALID : Verdict.Status.INVALID, problems);
    }
}
