package dev.store.jepsen.check;

import dev.store.jepsen.history.Call;
import dev.store.jepsen.history.Op;
import dev.store.jepsen.history.OpType;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes calls of any kind for tests: begin and end are places in real time, which stand for milliseconds too. */
record Told(String f, String key, @Nullable Object argument, long begin, Map<String, Object> facts) {
    static Told call(String f, String key, @Nullable Object argument, long begin) {
        return new Told(f, key, argument, begin, Map.of());
    }

    Told with(Map<String, Object> more) {
        return new Told(f, key, argument, begin, more);
    }

    Call ok(long end, @Nullable Object answer, Map<String, Object> answered) {
        return done(end, OpType.OK, answer, answered);
    }

    Call ok(long end, @Nullable Object answer) {
        return ok(end, answer, Map.of());
    }

    Call refused(long end, String error) {
        return done(end, OpType.FAIL, argument, Map.of("error", error));
    }

    Call unknown(long end) {
        return done(end, OpType.INFO, argument, Map.of("error", "CONNECTION_LOST"));
    }

    private Call done(long end, OpType type, @Nullable Object value, Map<String, Object> answered) {
        Map<String, Object> all = new java.util.HashMap<>(facts);
        all.put("key", key);
        return new Call(
                new Op(begin, begin * 1_000_000, begin, OpType.INVOKE, f, argument, all),
                new Op(end, end * 1_000_000, begin, type, f, value, answered));
    }
}
