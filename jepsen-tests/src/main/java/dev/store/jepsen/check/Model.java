package dev.store.jepsen.check;

import dev.store.jepsen.history.Call;
import java.util.List;
import java.util.Optional;

/**
 * A sequential object that operations are held against.
 *
 * @param <S> its state: immutable, with value equality
 */
public interface Model<S> {
    /** State before anything was done. */
    S initial();

    /**
     * The state after an operation, or empty if the object in this state would not have answered so. An operation with an
     * unknown outcome is asked for its effect, as if it had taken one.
     */
    Optional<S> step(S state, Call call);

    /** Whether an operation had, or may have had, an effect or a sight of the state. */
    boolean tells(Call call);

    /**
     * Whether the others can be explained without an operation wherever they can be explained with it: so if it is only
     * a sight of the state, or an effect that none of them has seen.
     */
    boolean dispensable(Call call, List<Call> others);
}
