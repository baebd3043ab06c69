package dev.store.jepsen.check;

import dev.store.jepsen.history.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether operations look as if each took effect at one moment between its invocation and its completion.
 *
 * <p>Wing and Gong's search (JPDC 1993) with Lowe's cache of configurations already tried (CPE 2017), key by key, since
 * linearizability is local (Herlihy and Wing, TOPLAS 1990). It does not trust revisions. The search is exponential at
 * worst, so it is limited in time; running out of it is {@link Verdict.Status#UNKNOWN}, which is not a pass. Keep to
 * about 8 processes and 1,000 operations a key.
 */
public final class LinearizabilityChecker {
    private static final String NAME = "linearizable";
    /** For finding the smallest part of what is wrong. */
    private static final Duration MOST_REDUCING = Duration.ofSeconds(10);

    private final Duration limit;

    /** A checker that spends at most so much time on one key. */
    public LinearizabilityChecker(Duration limit) {
        this.limit = limit;
    }

    /** Judges register operations, key by key. */
    public Verdict check(List<Call> calls) {
        Register register = new Register();
        Map<String, List<Call>> byKey = calls.stream()
                .filter(register::tells)
                .collect(Collectors.groupingBy(Call::key, TreeMap::new, Collectors.toList()));
        List<String> problems = new ArrayList<>();
        Verdict.Status status = Verdict.Status.VALID;
        for (Map.Entry<String, List<Call>> entry : byKey.entrySet()) {
            Verdict verdict = check(register, entry.getValue());
            verdict.problems().forEach(problem -> problems.add("key " + entry.getKey() + ": " + problem));
            if (verdict.status() == Verdict.Status.INVALID || status == Verdict.Status.VALID) {
                status = verdict.status();
            }
        }
        return new Verdict(NAME, status, problems);
    }

    /** Judges the operations on one object. */
    public <S> Verdict check(Model<S> model, List<Call> calls) {
        Search<S> search = new Search<>(model, calls, System.nanoTime() + limit.toNanos());
        return switch (search.run()) {
            case VALID -> Verdict.of(NAME, List.of());
            case INVALID -> Verdict.of(NAME, List.of(explain(model, calls)));
            case UNKNOWN -> new Verdict(NAME, Verdict.Status.UNKNOWN, List.of("no answer within " + limit));
        };
    }

    /** All of the smallest part is named, so that it can be drawn; how large the whole was tells how much was left out. */
    private <S> String explain(Model<S> model, List<Call> calls) {
        long deadline = System.nanoTime() + Math.min(limit.toNanos(), MOST_REDUCING.toNanos());
        List<Call> part = new SmallestPart<>(
                        model, some -> new Search<>(model, some, deadline).run() == Verdict.Status.INVALID)
                .of(calls);
        return "no order of effects explains these " + part.size() + " of " + calls.size() + " operations: "
                + part.stream().map(Call::toString).collect(Collectors.joining("; "));
    }

    /** An invocation or a completion in the list that is searched; linked, so that it can be lifted out and put back. */
    private static final class Event {
        final Call call;
        final int id;
        final @Nullable Event completion;

        @Nullable
        Event before;

        @Nullable
        Event after;

        Event(Call call, int id, @Nullable Event completion) {
            this.call = call;
            this.id = id;
            this.completion = completion;
        }

        void lift() {
            unlink(this);
            if (completion != null) {
                unlink(completion);
            }
        }

        void unlift() {
            if (completion != null) {
                link(completion);
            }
            link(this);
        }

        private static void unlink(Event event) {
            if (event.before != null) {
                event.before.after = event.after;
            }
            if (event.after != null) {
                event.after.before = event.before;
            }
        }

        private static void link(Event event) {
            if (event.before != null) {
                event.before.after = event;
            }
            if (event.after != null) {
                event.after.before = event;
            }
        }
    }

    private record Configuration(BitSet linearized, Object state) {}

    private record Step<S>(Event event, S stateBefore) {}

    private static final class Search<S> {
        private final Model<S> model;
        private final long deadlineNanos;
        private final Event head;
        private final int definite;
        private final List<Step<S>> done = new ArrayList<>();
        private final Set<Configuration> tried = new HashSet<>();

        Search(Model<S> model, List<Call> calls, long deadlineNanos) {
            this.model = model;
            this.deadlineNanos = deadlineNanos;
            this.head = list(calls);
            this.definite = (int) calls.stream()
                    .filter(call -> call.endIndex() < Long.MAX_VALUE)
                    .count();
        }

        /** Events by place in real time; completions of unknown outcomes are left out: such calls stay open for ever. */
        private static Event list(List<Call> calls) {
            record Placed(long at, Event event) {}
            List<Placed> events = new ArrayList<>();
            for (int i = 0; i < calls.size(); i++) {
                Call call = calls.get(i);
                Event completion = null;
                if (call.endIndex() < Long.MAX_VALUE) {
                    completion = new Event(call, -1, null);
                    events.add(new Placed(call.endIndex(), completion));
                }
                events.add(new Placed(call.begin().index(), new Event(call, i, completion)));
            }
            events.sort(Comparator.comparingLong(Placed::at));
            Event head = new Event(new Call(HEAD, null), -1, null);
            Event last = head;
            for (Placed placed : events) {
                last.after = placed.event();
                placed.event().before = last;
                last = placed.event();
            }
            return head;
        }

        Verdict.Status run() {
            BitSet linearized = new BitSet();
            int returned = 0;
            S state = model.initial();
            Event event = head.after;
            long steps = 0;
            while (returned < definite) {
                if ((++steps & 0xfff) == 0 && System.nanoTime() > deadlineNanos) {
                    return Verdict.Status.UNKNOWN;
                }
                if (event != null && event.id >= 0) {
                    Optional<S> next = model.step(state, event.call);
                    if (next.isPresent() && isNew(linearized, event.id, next.get())) {
                        done.add(new Step<>(event, state));
                        linearized.set(event.id);
                        returned += event.completion == null ? 0 : 1;
                        state = next.get();
                        event.lift();
                        event = head.after;
                    } else {
                        event = event.after;
                    }
                } else {
                    // A completion whose call could not be placed before it, or the end: take the last choice back.
                    if (done.isEmpty()) {
                        return Verdict.Status.INVALID;
                    }
                    Step<S> last = done.remove(done.size() - 1);
                    state = last.stateBefore();
                    linearized.clear(last.event().id);
                    returned -= last.event().completion == null ? 0 : 1;
                    last.event().unlift();
                    event = last.event().after;
                }
            }
            return Verdict.Status.VALID;
        }

        private boolean isNew(BitSet linearized, int id, S state) {
            BitSet with = (BitSet) linearized.clone();
            with.set(id);
            return tried.add(new Configuration(with, state));
        }
    }

    private static final dev.store.jepsen.history.Op HEAD =
            new dev.store.jepsen.history.Op(-1, 0, -1, dev.store.jepsen.history.OpType.INVOKE, "head", null, Map.of());
}
