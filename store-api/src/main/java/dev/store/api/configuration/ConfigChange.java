package dev.store.api.configuration;

import dev.store.api.v1.ConfigChangeKind;
import org.jspecify.annotations.Nullable;

/**
 * One step of an entry as this instance is meant to see it.
 *
 * @param version the version that is meant now; its content is that to run with
 * @param previous the version given before; null if there was none
 * @param kind why it comes
 */
public record ConfigChange(ConfigVersion version, @Nullable ConfigVersion previous, Kind kind) {
    /** Why a version comes. */
    public enum Kind {
        /** It follows the one before. */
        NEXT,
        /** It was there when the subscription began. */
        PRESENT,
        /** It is the present one; versions between are no longer kept. */
        GAP,
        /** It is the present one; versions between were left out, for this listener was too slow. */
        LAGGED,
        /** It is an older one that is meant again: a gray release has ended for this instance. */
        REVERTED,
        /** It is from the local file, for no member could be reached. */
        CACHED
    }

    static Kind kind(ConfigChangeKind kind) {
        return switch (kind) {
            case CONFIG_CHANGE_KIND_PRESENT -> Kind.PRESENT;
            case CONFIG_CHANGE_KIND_GAP -> Kind.GAP;
            case CONFIG_CHANGE_KIND_LAGGED -> Kind.LAGGED;
            case CONFIG_CHANGE_KIND_REVERTED -> Kind.REVERTED;
            case CONFIG_CHANGE_KIND_NEXT, UNRECOGNIZED -> Kind.NEXT;
        };
    }

    /** The entry. */
    public ConfigName name() {
        return version.name();
    }
}
