package dev.store.jepsen.check;

import dev.store.jepsen.history.Call;
import dev.store.jepsen.history.Op;
import dev.store.jepsen.history.OpType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes calls for tests: begin and end are places in real time, which stand for milliseconds too. */
final class Line {
    static final long NEVER = -1;

    private Line() {}

    static Call ok(long begin, long end, String f, @Nullable Object argument, @Nullable Object answer, long revision) {
        return call(begin, end, OpType.OK, f, argument, answer, Map.of("revision", revision));
    }

    static Call read(long begin, long end, @Nullable String answer, long revision) {
        return ok(begin, end, "read", null, answer, revision);
    }

    static Call write(long begin, long end, String value, long revision) {
        return ok(begin, end, "write", value, null, revision);
    }

    static Call cas(long begin, long end, String from, String to, long revision) {
        return ok(begin, end, "cas", List.of(from, to), null, revision);
    }

    static Call mismatch(long begin, long end, String from, String to, long revision) {
        Map<String, Object> facts = Map.of("revision", revision, "error", Register.MISMATCH);
        return call(begin, end, OpType.FAIL, "cas", List.of(from, to), null, facts);
    }

    static Call refused(long begin, long end, String value) {
        return call(begin, end, OpType.FAIL, "write", value, null, Map.of("error", "NO_LEADER"));
    }

    static Call unknown(long begin, String value) {
        return call(begin, NEVER, OpType.INFO, "write", value, null, Map.of());
    }

    static Call on(String key, Call call) {
        Map<String, Object> extra = new HashMap<>(call.begin().extra());
        extra.put("key", key);
        Op begin = call.begin();
        return new Call(
                new Op(begin.index(), begin.time(), begin.process(), begin.type(), begin.f(), begin.value(), extra),
                call.end());
    }

    private static Call call(
            long begin,
            long end,
            OpType type,
            String f,
            @Nullable Object argument,
            @Nullable Object answer,
            Map<String, Object> facts) {
        Op invocation = new Op(begin, ms(begin), begin, OpType.INVOKE, f, argument, Map.of("key", "k"));
        return new Call(invocation, end == NEVER ? null : new Op(end, ms(end), begin, type, f, answer, facts));
    }

    private static long ms(long place) {
        return place * 1_000_000;
    }
}
