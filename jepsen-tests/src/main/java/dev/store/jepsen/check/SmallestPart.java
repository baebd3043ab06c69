package dev.store.jepsen.check;

import dev.store.jepsen.history.Call;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * Makes a history that cannot be explained as small as it gets while it still cannot: first the shortest beginning, then
 * without each operation that may be left out.
 *
 * <p>Only what is left out soundly is: where the part has no explanation the whole has none either. The result depends on
 * the order of trying and is not the least of all parts, but none of its operations can be left out any more, unless time
 * was short.
 */
final class SmallestPart<S> {
    private final Model<S> model;
    private final Predicate<List<Call>> broken;

    /**
     * @param broken whether operations surely cannot be explained; false where that is not known
     */
    SmallestPart(Model<S> model, Predicate<List<Call>> broken) {
        this.model = model;
        this.broken = broken;
    }

    /** A part of these operations, which are broken. */
    List<Call> of(List<Call> calls) {
        List<Call> part = shortestBeginning(calls);
        // Many at once as long as that goes well, since each try is a search.
        for (int many = part.size() / 2; many >= 1; many /= 2) {
            List<Call> smaller = without(part, many);
            while (smaller.size() < part.size()) {
                part = smaller;
                smaller = without(part, many);
            }
        }
        return part;
    }

    /** Goes through a part from its end and leaves out so many at a time. */
    private List<Call> without(List<Call> calls, int many) {
        List<Call> part = calls;
        for (int until = part.size(); until > 0; until -= many) {
            List<Call> less = new ArrayList<>(part);
            for (int i = Math.min(until, less.size()) - 1; i >= Math.max(0, until - many); i--) {
                Call candidate = less.remove(i);
                if (!model.dispensable(candidate, less)) {
                    less.add(i, candidate);
                }
            }
            if (less.size() < part.size() && broken.test(less)) {
                part = less;
            }
        }
        return part;
    }

    /** A longer beginning of a broken one is broken too, so the shortest is found by halving. */
    private List<Call> shortestBeginning(List<Call> calls) {
        List<Long> ends = calls.stream()
                .map(Call::endIndex)
                .filter(end -> end < Long.MAX_VALUE)
                .sorted()
                .toList();
        int low = 0;
        int high = ends.size() - 1;
        while (low < high) {
            int middle = (low + high) / 2;
            if (broken.test(until(calls, ends.get(middle)))) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        List<Call> beginning = ends.isEmpty() ? calls : until(calls, ends.get(low));
        return broken.test(beginning) ? beginning : calls;
    }

    /** What was known at a moment: operations that had not ended yet may have had their effect or not. */
    private List<Call> until(List<Call> calls, long moment) {
        List<Call> known = new ArrayList<>();
        for (Call call : calls) {
            if (call.begin().index() <= moment) {
                Call seen = call.endIndex() <= moment ? call : new Call(call.begin(), null);
                if (model.tells(seen)) {
                    known.add(seen);
                }
            }
        }
        known.sort(Comparator.comparingLong(call -> call.begin().index()));
        return known;
    }
}
