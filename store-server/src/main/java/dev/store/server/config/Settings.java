package dev.store.server.config;

import java.util.Map;

/** Reads typed values out of settings, noting what cannot be read. */
final class Settings {
    private final Map<String, Setting> settings;
    private final Problems problems;

    Settings(Map<String, Setting> settings, Problems problems) {
        this.settings = settings;
        this.problems = problems;
    }

    /** The value of a key; that of its default if the text cannot be read, which is noted. */
    <T> T get(Key<T> key) {
        Setting setting = settings.getOrDefault(key.name(), new Setting(key.defaultText(), "default"));
        try {
            return key.kind().parser().apply(setting.text().strip());
        } catch (IllegalArgumentException e) {
            problems.add(setting.origin() + ": " + key.name() + ": \"" + setting.text() + "\" (expected: "
                    + e.getMessage() + ")");
            return key.kind().parser().apply(key.defaultText());
        }
    }
}
