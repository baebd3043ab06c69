package dev.store.api.configuration;

import dev.store.api.v1.ConfigType;

/** What the content of an entry is; it is checked when it is published. */
public enum ConfigFormat {
    TEXT(ConfigType.CONFIG_TYPE_TEXT),
    JSON(ConfigType.CONFIG_TYPE_JSON),
    YAML(ConfigType.CONFIG_TYPE_YAML),
    PROPERTIES(ConfigType.CONFIG_TYPE_PROPERTIES),
    TOML(ConfigType.CONFIG_TYPE_TOML),
    XML(ConfigType.CONFIG_TYPE_XML);

    private final ConfigType type;

    ConfigFormat(ConfigType type) {
        this.type = type;
    }

    ConfigType type() {
        return type;
    }

    static ConfigFormat of(ConfigType type) {
        for (ConfigFormat format : values()) {
            if (format.type == type) {
                return format;
            }
        }
        return TEXT;
    }
}
