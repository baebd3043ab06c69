package dev.store.server.configuration;

import dev.store.api.v1.ConfigChangeKind;
import org.jspecify.annotations.Nullable;

/**
 * What a subscriber is to be sent about an entry: perhaps old versions in order, then perhaps one that is meant now.
 *
 * @param from first number of the old versions to send, those that were gray left out; 0 if none
 * @param to last number of them
 * @param version the version to send after them; null if none
 * @param number its number; 0 says that the entry does not exist for the subscriber any more
 * @param kind why it is sent; null if nothing is
 */
record DeliveryPlan(
        long from,
        long to,
        @Nullable EntryVersion version,
        long number,
        @Nullable ConfigChangeKind kind) {
    private static final DeliveryPlan NOTHING = new DeliveryPlan(0, 0, null, 0, null);

    /** Why a subscriber is looked after. */
    enum Occasion {
        /** The entry changed; every change of it comes here. */
        CHANGED,
        /** The subscription begins. */
        BEGIN,
        /** Changes were dropped because the subscriber was too slow, or the member's state jumped. */
        LAGGED
    }

    /**
     * Decides.
     *
     * @param state where the entry stands
     * @param instance who subscribes
     * @param known the version that the subscriber has; null if none
     */
    static DeliveryPlan of(EntryState state, Instance instance, @Nullable Long known, Occasion occasion) {
        EntryVersion meant = state.meantFor(instance);
        if (meant == null) {
            return known == null || known == 0
                    ? NOTHING
                    : new DeliveryPlan(0, 0, null, 0, ConfigChangeKind.CONFIG_CHANGE_KIND_REVERTED);
        }
        if (known == null) {
            return switch (occasion) {
                case CHANGED -> now(meant, ConfigChangeKind.CONFIG_CHANGE_KIND_NEXT);
                case BEGIN -> meant.deleted() ? NOTHING : now(meant, ConfigChangeKind.CONFIG_CHANGE_KIND_PRESENT);
                case LAGGED -> meant.deleted() ? NOTHING : now(meant, ConfigChangeKind.CONFIG_CHANGE_KIND_LAGGED);
            };
        }
        if (meant.number() == known) {
            return NOTHING;
        }
        if (meant.number() < known) {
            return now(meant, ConfigChangeKind.CONFIG_CHANGE_KIND_REVERTED);
        }
        return switch (occasion) {
            case CHANGED -> now(meant, ConfigChangeKind.CONFIG_CHANGE_KIND_NEXT);
            case LAGGED -> now(meant, ConfigChangeKind.CONFIG_CHANGE_KIND_LAGGED);
            case BEGIN -> catchUp(state, meant, known);
        };
    }

    private static DeliveryPlan catchUp(EntryState state, EntryVersion meant, long known) {
        if (known + 1 < state.record().getFirstKept()) {
            return now(meant, ConfigChangeKind.CONFIG_CHANGE_KIND_GAP);
        }
        // The last one is not read from the history: if it is gray it belongs to no one else's order.
        long last = Math.min(meant.number() - 1, state.record().getNewestVersion());
        return known + 1 > last
                ? now(meant, ConfigChangeKind.CONFIG_CHANGE_KIND_NEXT)
                : new DeliveryPlan(known + 1, last, meant, meant.number(), ConfigChangeKind.CONFIG_CHANGE_KIND_NEXT);
    }

    private static DeliveryPlan now(EntryVersion meant, ConfigChangeKind kind) {
        return new DeliveryPlan(0, 0, meant, meant.number(), kind);
    }

    boolean nothing() {
        return kind == null;
    }
}
