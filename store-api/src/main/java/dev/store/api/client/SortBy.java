package dev.store.api.client;

import dev.store.api.v1.SortTarget;

/** What the entries of a range are sorted by. */
public enum SortBy {
    /** The key: the default, and the only one that allows pages and streams. */
    KEY(SortTarget.SORT_TARGET_KEY),
    /** The number of puts since the key was created. */
    VERSION(SortTarget.SORT_TARGET_VERSION),
    /** The revision at which the key was created. */
    CREATE_REVISION(SortTarget.SORT_TARGET_CREATE_REVISION),
    /** The revision of the last put. */
    MOD_REVISION(SortTarget.SORT_TARGET_MOD_REVISION),
    /** The value. */
    VALUE(SortTarget.SORT_TARGET_VALUE);

    private final SortTarget target;

    SortBy(SortTarget target) {
        this.target = target;
    }

    SortTarget toProto() {
        return target;
    }
}
