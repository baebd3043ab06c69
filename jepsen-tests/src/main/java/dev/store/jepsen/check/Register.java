package dev.store.jepsen.check;

import dev.store.jepsen.history.Call;
import dev.store.jepsen.history.OpType;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One key with {@code read}, {@code write}, {@code delete} and {@code cas}. Its state is the value, empty while the key
 * does not exist. A {@code cas} whose compare did not hold is a {@code fail} with the error {@value #MISMATCH} and says
 * that the value was another one.
 */
public final class Register implements Model<Optional<Object>> {
    /** Error of a cas whose compare did not hold. */
    public static final String MISMATCH = "compare-failed";

    @Override
    public Optional<Object> initial() {
        return Optional.empty();
    }

    @Override
    public Optional<Optional<Object>> step(Optional<Object> state, Call call) {
        return switch (call.f()) {
            case "read" -> when(state.equals(Optional.ofNullable(call.answer())), state);
            case "write" -> Optional.of(Optional.ofNullable(call.argument()));
            case "delete" -> Optional.of(Optional.empty());
            case "cas" -> cas(state, call);
            default ->
                throw new IllegalArgumentException(":f :" + call.f() + " (expected: read, write, delete or cas)");
        };
    }

    @Override
    public boolean dispensable(Call call, List<Call> others) {
        if (isSight(call)) {
            return true;
        }
        Optional<Object> left = left(call);
        return others.stream().noneMatch(other -> sees(other, left));
    }

    private static boolean isSight(Call call) {
        return call.f().equals("read") || call.outcome() == OpType.FAIL;
    }

    /** The value after an operation with an effect. */
    private static Optional<Object> left(Call call) {
        return switch (call.f()) {
            case "write" -> Optional.ofNullable(call.argument());
            case "cas" -> Optional.ofNullable(pair(call).get(1));
            default -> Optional.empty();
        };
    }

    private static boolean sees(Call call, Optional<Object> value) {
        if (call.f().equals("read")) {
            return value.equals(Optional.ofNullable(call.answer()));
        }
        // One that found another value may have found this one.
        return call.f().equals("cas")
                && (call.outcome() == OpType.FAIL
                        || value.equals(Optional.ofNullable(pair(call).get(0))));
    }

    @Override
    public boolean tells(Call call) {
        return switch (call.outcome()) {
            case OK -> true;
            case FAIL -> MISMATCH.equals(call.facts().get("error"));
            default -> !call.f().equals("read");
        };
    }

    private static Optional<Optional<Object>> cas(Optional<Object> state, Call call) {
        List<?> pair = pair(call);
        boolean holds = state.equals(Optional.ofNullable(pair.get(0)));
        if (call.outcome() == OpType.FAIL) {
            return when(!holds, state);
        }
        return when(holds, Optional.ofNullable(pair.get(1)));
    }

    private static List<?> pair(Call cas) {
        return (List<?>) Objects.requireNonNull(cas.argument(), "argument of cas");
    }

    private static Optional<Optional<Object>> when(boolean possible, Optional<Object> next) {
        return possible ? Optional.of(next) : Optional.empty();
    }
}
