package dev.store.api.configuration;

import dev.store.api.v1.ConfigKey;

/**
 * Name of an entry.
 *
 * @param group its group
 * @param name its name within the group
 */
public record ConfigName(String group, String name) {
    /**
     * Reads {@code group/name}.
     *
     * @throws IllegalArgumentException if there is not exactly one '/' with something before and after it
     */
    public static ConfigName of(String groupAndName) {
        int slash = groupAndName.indexOf('/');
        if (slash <= 0 || slash == groupAndName.length() - 1 || groupAndName.indexOf('/', slash + 1) >= 0) {
            throw new IllegalArgumentException("entry: \"" + groupAndName + "\" (expected: group/name)");
        }
        return new ConfigName(groupAndName.substring(0, slash), groupAndName.substring(slash + 1));
    }

    static ConfigName of(ConfigKey key) {
        return new ConfigName(key.getGroup(), key.getName());
    }

    ConfigKey toKey() {
        return ConfigKey.newBuilder().setGroup(group).setName(name).build();
    }

    /** {@code group/name}. */
    @Override
    public String toString() {
        return group + "/" + name;
    }
}
