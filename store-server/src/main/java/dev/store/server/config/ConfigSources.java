package dev.store.server.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a configuration comes from, the strongest last: defaults, file, environment, flags.
 *
 * @param file the file, or null for none
 * @param environment environment variables; only those of the form {@code STORE_SECTION_KEY} count
 * @param flags values by dotted name
 */
public record ConfigSources(@Nullable Path file, Map<String, String> environment, Map<String, String> flags) {
    public ConfigSources {
        environment = Map.copyOf(environment);
        // The order in which flags were given is the order in which problems are reported.
        flags = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(flags));
    }

    /** What counts for each key. */
    Map<String, Setting> settings(Problems problems) {
        Map<String, Setting> settings = new LinkedHashMap<>();
        for (Key<?> key : Keys.all()) {
            settings.put(key.name(), new Setting(key.defaultText(), "default"));
        }
        if (file != null) {
            settings.putAll(ConfigFile.read(file, problems));
        }
        addEnvironment(settings, problems);
        List<String> names = Keys.all().stream().map(Key::name).toList();
        flags.forEach((name, text) -> {
            if (settings.containsKey(name)) {
                settings.put(name, new Setting(text, "--" + name));
            } else {
                problems.add("--" + name + ": unknown flag"
                        + Suggestion.forName(name, names).replace("mean ", "mean --"));
            }
        });
        return settings;
    }

    private void addEnvironment(Map<String, Setting> settings, Problems problems) {
        Map<String, Key<?>> keys = new LinkedHashMap<>();
        Keys.all().forEach(key -> keys.put(key.environmentName(), key));
        // Other programs of Store have variables of their own (STORE_ENDPOINTS): only sections of this file are ours.
        Set<String> sections = Keys.all().stream()
                .map(key -> "STORE_" + key.section().toUpperCase(java.util.Locale.ROOT) + "_")
                .collect(Collectors.toSet());
        environment.keySet().stream().sorted().forEach(variable -> {
            Optional<Key<?>> key = Optional.ofNullable(keys.get(variable));
            if (key.isPresent()) {
                settings.put(key.get().name(), new Setting(environment.getOrDefault(variable, ""), variable));
            } else if (sections.stream().anyMatch(variable::startsWith)) {
                problems.add(variable + ": unknown environment variable" + Suggestion.forName(variable, keys.keySet()));
            }
        });
    }
}
