package dev.store.jepsen.check;

import dev.store.jepsen.history.Call;
import dev.store.jepsen.history.Keyword;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One transaction on lists: a call {@code txn} whose value lists [:append key element] and [:r key [elements]].
 *
 * @param call the call
 * @param appends what it appends, by key, in order
 * @param reads what it read of a key before it appended to it; only if it was ok
 */
record AppendTxn(Call call, Map<String, List<Long>> appends, Map<String, List<Long>> reads) {
    static AppendTxn of(Call call) {
        boolean answered = call.answer() != null && call.outcome() == dev.store.jepsen.history.OpType.OK;
        Map<String, List<Long>> appends = new LinkedHashMap<>();
        Map<String, List<Long>> reads = new LinkedHashMap<>();
        for (Object item : SightingText.list(answered ? call.answer() : call.argument())) {
            List<?> parts = SightingText.list(item);
            String key = String.valueOf(parts.get(1));
            if (parts.get(0).equals(new Keyword("append"))) {
                appends.computeIfAbsent(key, same -> new ArrayList<>()).add(SightingText.number(parts.get(2)));
            } else if (answered) {
                reads.putIfAbsent(key, withoutOwn(parts.get(2), appends.getOrDefault(key, List.of()), call));
            }
        }
        return new AppendTxn(call, appends, reads);
    }

    /** What was there before its own appends, which a read after them must end with. */
    private static List<Long> withoutOwn(Object read, List<Long> own, Call call) {
        List<Long> elements = new ArrayList<>();
        SightingText.list(read).forEach(element -> elements.add(SightingText.number(element)));
        int before = elements.size() - own.size();
        if (before < 0 || !elements.subList(before, elements.size()).equals(own)) {
            throw new IllegalArgumentException(
                    "a transaction that does not read what it appended itself, " + own + ": " + call);
        }
        return List.copyOf(elements.subList(0, before));
    }

    @Override
    public String toString() {
        return call.toString();
    }
}
