package dev.store.server.config;

import java.util.ArrayList;
import java.util.List;

/** Describes every key, for {@code store server --help} and docs/configuration.md. */
public final class ConfigReference {
    private ConfigReference() {}

    /** The table of docs/configuration.md. */
    public static String markdown() {
        StringBuilder text = new StringBuilder();
        String section = "";
        for (Key<?> key : Keys.all()) {
            if (!key.section().equals(section)) {
                section = key.section();
                text.append("\n### ").append(section).append("\n\n");
                text.append("| key | kind | default | environment | meaning |\n|---|---|---|---|---|\n");
            }
            text.append("| `")
                    .append(key.name())
                    .append("` | ")
                    .append(key.kind().label());
            text.append(" | ").append(key.defaultText().isEmpty() ? "" : "`" + key.defaultText() + "`");
            text.append(" | `").append(key.environmentName()).append("` | ");
            text.append(key.description()).append(" |\n");
        }
        return text.toString();
    }

    /** One line for each flag, no wider than a terminal. */
    public static List<String> flags() {
        List<String> lines = new ArrayList<>();
        for (Key<?> key : Keys.all()) {
            String value = key.defaultText().isEmpty() ? "" : " [" + key.defaultText() + "]";
            lines.add("  --" + key.name() + "=" + key.kind().label().toUpperCase(java.util.Locale.ROOT) + value);
            StringBuilder line = new StringBuilder("     ");
            for (String word : key.description().split(" ", -1)) {
                if (line.length() + word.length() > 110) {
                    lines.add(line.toString());
                    line = new StringBuilder("     ");
                }
                line.append(' ').append(word);
            }
            lines.add(line.toString());
        }
        return lines;
    }

    /** Names of the flags that may stand without a value. */
    public static boolean isSwitch(String name) {
        return Keys.find(name).map(key -> key.kind().flag()).orElse(false);
    }
}
