package dev.store.server.config;

import java.util.LinkedHashMap;
import java.util.Map;

/** A configuration together with where each of its values came from. */
public final class EffectiveConfig {
    private final ServerConfig config;
    private final Map<String, Setting> settings;

    EffectiveConfig(ServerConfig config, Map<String, Setting> settings) {
        this.config = config;
        this.settings = new LinkedHashMap<>(settings);
    }

    /** The values. */
    public ServerConfig config() {
        return config;
    }

    /** Where the value of a key came from: {@code default}, a file and line, a variable or a flag. */
    String origin(String key) {
        Setting setting = settings.get(key);
        return setting == null ? "default" : setting.origin();
    }

    /** The value of a key in its written form, with derived defaults filled in. */
    String value(Key<?> key) {
        return switch (key.name()) {
            case "client.advertise" -> config.client().advertise().toString();
            case "raft.advertise" -> config.raft().advertise().toString();
            case "cluster.id" -> config.cluster().id().toString();
            default -> {
                Setting setting = settings.get(key.name());
                yield setting == null ? key.defaultText() : setting.text().strip();
            }
        };
    }
}
