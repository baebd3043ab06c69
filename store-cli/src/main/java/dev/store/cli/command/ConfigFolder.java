package dev.store.cli.command;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.protobuf.ByteString;
import dev.store.api.Limits;
import dev.store.api.v1.ConfigDraft;
import dev.store.api.v1.ConfigEntry;
import dev.store.api.v1.ConfigType;
import dev.store.cli.ExitCode;
import dev.store.cli.local.LocalFailure;
import dev.store.cli.print.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Entries as files: {@code GROUP/NAME.EXT}, with a manifest that says what a file cannot. */
final class ConfigFolder {
    private static final String MANIFEST = "manifest.json";
    private static final int MANIFEST_BYTES_MAX = 64 << 20;

    private final Path folder;
    private final Json manifest = new Json();
    private final Set<String> files = new HashSet<>();

    ConfigFolder(Path folder) {
        this.folder = folder;
    }

    /** Makes the folder; refuses one that holds something, unless it may be overwritten. */
    void prepare(boolean overwrite) throws IOException {
        if (Files.exists(folder) && !overwrite) {
            try (Stream<Path> present = Files.list(folder)) {
                if (present.findAny().isPresent()) {
                    throw new LocalFailure(
                            "LOCAL_FAILURE",
                            "folder: " + folder + " is not empty (expected: a new or empty one)",
                            "Use --overwrite to replace files in it.",
                            ExitCode.CONFLICT);
                }
            }
        }
        Files.createDirectories(folder);
        manifest.object().field("format", 1).array("entries");
    }

    /** Writes one entry. */
    void write(ConfigEntry entry) throws IOException {
        String group = entry.getKey().getGroup();
        String name = entry.getKey().getName();
        String file = group + "/" + fileName(name, entry.getType());
        if (!files.add(file)) {
            // Another entry has the name that this one would get with its extension.
            file = group + "/" + name + ".entry-" + files.size();
            files.add(file);
        }
        // Names hold no separators and do not begin with a dot, but this is a member's answer.
        Path target = folder.resolve(file).normalize();
        if (!target.startsWith(folder.normalize())) {
            throw new LocalFailure("LOCAL_FAILURE", "entry: " + file + " leads out of the folder", "", ExitCode.FAILED);
        }
        Files.createDirectories(target.getParent());
        Files.write(target, entry.getContent().toByteArray());
        manifest.object()
                .field("group", group)
                .field("name", name)
                .field("file", file)
                .field("type", ConfigText.type(entry.getType()))
                .field("description", entry.getDescription())
                .field("version", entry.getVersion())
                .field("sha256", ConfigText.hex(entry.getChecksum()))
                .object("labels");
        new TreeMap<>(entry.getLabelsMap()).forEach(manifest::field);
        manifest.endObject().endObject();
    }

    /** Writes the manifest, last of all, so that a folder with one is complete. */
    void finish() throws IOException {
        Path part = folder.resolve(MANIFEST + ".part");
        Files.writeString(part, manifest.endArray().endObject().take() + "\n", StandardCharsets.UTF_8);
        Files.move(part, folder.resolve(MANIFEST), StandardCopyOption.REPLACE_EXISTING);
    }

    private static String fileName(String name, ConfigType type) {
        String extension = type == ConfigType.CONFIG_TYPE_TEXT ? "txt" : ConfigText.type(type);
        return ConfigText.typeOf(name) == type && name.contains(".") ? name : name + "." + extension;
    }

    /** All entries, in the order of their names. */
    List<ConfigDraft> read() throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new LocalFailure("LOCAL_FAILURE", "folder: " + folder + " does not exist", "", ExitCode.FAILED);
        }
        Map<String, ConfigDraft> known = manifestEntries();
        List<ConfigDraft> drafts = new ArrayList<>();
        List<Path> found;
        try (Stream<Path> walk = Files.walk(folder, 2)) {
            found = walk.filter(Files::isRegularFile)
                    .filter(file -> folder.relativize(file).getNameCount() == 2)
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted(Comparator.comparing(Path::toString))
                    .toList();
        }
        for (Path file : found) {
            String group = folder.relativize(file).getName(0).toString();
            if (group.startsWith(".")) {
                continue;
            }
            String relative = group + "/" + file.getFileName();
            ConfigDraft described = known.remove(relative);
            ConfigDraft.Builder draft = described != null
                    ? described.toBuilder()
                    : undescribed(group, file.getFileName().toString());
            drafts.add(draft.setContent(content(file)).build());
        }
        if (!known.isEmpty()) {
            throw new IllegalArgumentException(
                    MANIFEST + ": names " + known.keySet().iterator().next() + " (expected: a file that exists)");
        }
        return drafts;
    }

    /** An entry that the manifest does not know is named as its file is. */
    private static ConfigDraft.Builder undescribed(String group, String file) {
        ConfigType type = ConfigText.typeOf(file);
        return ConfigDraft.newBuilder()
                .setKey(ConfigText.key(group + "/" + file))
                .setType(type == null ? ConfigType.CONFIG_TYPE_TEXT : type);
    }

    private static ByteString content(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(Limits.CONFIG_CONTENT_BYTES + 1);
            if (bytes.length > Limits.CONFIG_CONTENT_BYTES) {
                throw new IllegalArgumentException(
                        file + ": more than " + Limits.CONFIG_CONTENT_BYTES + " bytes (expected: at most that)");
            }
            return ByteString.copyFrom(bytes);
        }
    }

    private Map<String, ConfigDraft> manifestEntries() throws IOException {
        Map<String, ConfigDraft> entries = new HashMap<>();
        Path file = folder.resolve(MANIFEST);
        if (!Files.exists(file)) {
            return entries;
        }
        if (Files.size(file) > MANIFEST_BYTES_MAX) {
            throw new IllegalArgumentException(
                    MANIFEST + ": " + Files.size(file) + " bytes (expected: at most " + MANIFEST_BYTES_MAX + ")");
        }
        try {
            JsonObject root = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
            for (JsonElement element : root.getAsJsonArray("entries")) {
                JsonObject entry = element.getAsJsonObject();
                ConfigDraft.Builder draft = ConfigDraft.newBuilder()
                        .setKey(ConfigText.key(text(entry, "group") + "/" + text(entry, "name")))
                        .setType(ConfigText.type(text(entry, "type")))
                        .setDescription(text(entry, "description"));
                JsonObject labels = entry.getAsJsonObject("labels");
                if (labels != null) {
                    labels.entrySet()
                            .forEach(label -> draft.putLabels(
                                    label.getKey(), label.getValue().getAsString()));
                }
                entries.put(text(entry, "file"), draft.build());
            }
        } catch (JsonParseException | IllegalStateException | NullPointerException | ClassCastException e) {
            throw new IllegalArgumentException(MANIFEST + ": " + e.getMessage() + " (expected: what export writes)", e);
        }
        return entries;
    }

    private static String text(JsonObject object, String field) {
        @Nullable JsonElement value = object.get(field);
        if (value == null) {
            throw new JsonParseException("no " + field);
        }
        return value.getAsString();
    }
}
