package dev.store.cli.command;

import dev.store.api.v1.ConfigEntry;
import dev.store.api.v1.ConfigKey;
import dev.store.api.v1.ConfigOutcome;
import dev.store.api.v1.ConfigType;
import dev.store.cli.print.Json;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How {@code store config} reads names and prints versions. */
final class ConfigText {
    private static final String RED = "\u001b[31m";
    private static final String GREEN = "\u001b[32m";
    private static final String CYAN = "\u001b[36m";
    private static final String BOLD = "\u001b[1m";
    private static final String PLAIN = "\u001b[0m";

    private ConfigText() {}

    /** {@code GROUP/NAME}. */
    static ConfigKey key(String entry) {
        int slash = entry.indexOf('/');
        if (slash <= 0 || slash == entry.length() - 1 || entry.indexOf('/', slash + 1) >= 0) {
            throw new IllegalArgumentException("ENTRY: \"" + entry + "\" (expected: GROUP/NAME)");
        }
        return ConfigKey.newBuilder()
                .setGroup(entry.substring(0, slash))
                .setName(entry.substring(slash + 1))
                .build();
    }

    static String name(ConfigKey key) {
        return key.getGroup() + "/" + key.getName();
    }

    static String type(ConfigType type) {
        return type.name().substring("CONFIG_TYPE_".length()).toLowerCase(Locale.ROOT);
    }

    static ConfigType type(String name) {
        for (ConfigType type : ConfigType.values()) {
            if (type != ConfigType.UNRECOGNIZED && type(type).equals(name)) {
                return type;
            }
        }
        throw new IllegalArgumentException(
                "--type: \"" + name + "\" (expected: text, json, yaml, properties, toml or xml)");
    }

    /** The type that the name of a file suggests; null if none. */
    static @Nullable ConfigType typeOf(String file) {
        String suffix = file.substring(file.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return switch (suffix) {
            case "json" -> ConfigType.CONFIG_TYPE_JSON;
            case "yaml", "yml" -> ConfigType.CONFIG_TYPE_YAML;
            case "properties" -> ConfigType.CONFIG_TYPE_PROPERTIES;
            case "toml" -> ConfigType.CONFIG_TYPE_TOML;
            case "xml" -> ConfigType.CONFIG_TYPE_XML;
            case "txt", "text" -> ConfigType.CONFIG_TYPE_TEXT;
            default -> null;
        };
    }

    static String when(long atMs) {
        return Instant.ofEpochMilli(atMs).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    static String who(ConfigEntry entry) {
        String principal = entry.getPrincipal().isEmpty() ? "anonymous" : entry.getPrincipal();
        return entry.getAuthor().isEmpty() ? principal : entry.getAuthor() + " (" + principal + ")";
    }

    static String cause(ConfigEntry entry) {
        String cause =
                entry.getCause().name().substring("CONFIG_CAUSE_".length()).toLowerCase(Locale.ROOT);
        return entry.getFromVersion() == 0 ? cause : cause + " to " + entry.getFromVersion();
    }

    static String labels(Map<String, String> labels) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(labels).forEach((name, value) -> text.append(text.isEmpty() ? "" : ",")
                .append(name)
                .append('=')
                .append(value));
        return text.toString();
    }

    /** Lines for a screen or a file: on a terminal nothing that steers it. */
    static String safe(Context context, String text) {
        if (!context.terminal().out()) {
            return text;
        }
        StringBuilder safe = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean steers = Character.isISOControl(c) && c != '\n' && c != '\t';
            safe.append(steers ? "\\x" + Integer.toHexString(c) : String.valueOf(c));
        }
        return safe.toString();
    }

    /** Prints a unified diff, in colours on a terminal. */
    static void printDiff(Context context, String unified) throws IOException {
        if (!context.terminal().colours()) {
            context.print(safe(context, unified));
            return;
        }
        for (String line : safe(context, unified).split("\n", -1)) {
            if (!line.isEmpty()) {
                context.println(colour(line) + line + PLAIN);
            }
        }
    }

    private static String colour(String line) {
        if (line.startsWith("+++") || line.startsWith("---")) {
            return BOLD;
        }
        return switch (line.charAt(0)) {
            case '+' -> GREEN;
            case '-' -> RED;
            case '@' -> CYAN;
            default -> "";
        };
    }

    /** A version as the fields of the object that is open. */
    static Json fields(Json json, ConfigEntry entry, boolean withContent) {
        json.field("group", entry.getKey().getGroup())
                .field("name", entry.getKey().getName())
                .field("version", entry.getVersion())
                .field("type", type(entry.getType()));
        if (withContent) {
            json.bytes("content", entry.getContent());
        }
        json.object("labels");
        new TreeMap<>(entry.getLabelsMap()).forEach(json::field);
        return json.endObject()
                .field("description", entry.getDescription())
                .field("size_bytes", entry.getSizeBytes())
                .field("sha256", hex(entry.getChecksum()))
                .field(
                        "cause",
                        entry.getCause()
                                .name()
                                .substring("CONFIG_CAUSE_".length())
                                .toLowerCase(Locale.ROOT))
                .field("from_version", entry.getFromVersion())
                .field("principal", entry.getPrincipal().isEmpty() ? "anonymous" : entry.getPrincipal())
                .field("author", entry.getAuthor())
                .field("comment", entry.getComment())
                .field("from_address", entry.getFromAddress())
                .field("published_at_ms", entry.getPublishedAtMs())
                .field("revision", entry.getRevision())
                .field("gray", entry.getGray())
                .field("deleted", entry.getDeleted());
    }

    static String hex(com.google.protobuf.ByteString bytes) {
        return java.util.HexFormat.of().formatHex(bytes.toByteArray());
    }

    /** Prints what a publication, rollback or deletion did. */
    static void printOutcomes(ClusterCommand command, long revision, List<ConfigOutcome> outcomes, boolean dryRun)
            throws IOException {
        if (command.json()) {
            Json json = new Json()
                    .object()
                    .field("revision", revision)
                    .field("dry_run", dryRun)
                    .array("entries");
            for (ConfigOutcome outcome : outcomes) {
                json.object()
                        .field("group", outcome.getKey().getGroup())
                        .field("name", outcome.getKey().getName())
                        .field("version", outcome.getVersion())
                        .field("previous_version", outcome.getPreviousVersion())
                        .field("changed", outcome.getChanged());
                if (dryRun) {
                    json.field("diff", outcome.getDiff());
                }
                json.endObject();
            }
            command.context.println(json.endArray().endObject().take());
            return;
        }
        for (ConfigOutcome outcome : outcomes) {
            String name = name(outcome.getKey());
            if (!outcome.getChanged()) {
                command.context.println(name + " unchanged, version " + outcome.getVersion());
            } else if (dryRun) {
                command.context.println(name + " would become version " + outcome.getVersion());
                printDiff(command.context, outcome.getDiff());
            } else {
                command.context.println(name + " version " + outcome.getVersion() + ", revision " + revision);
            }
        }
    }
}
