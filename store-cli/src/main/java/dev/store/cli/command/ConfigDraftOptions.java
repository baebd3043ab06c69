package dev.store.cli.command;

import com.google.protobuf.ByteString;
import dev.store.api.Limits;
import dev.store.api.v1.ConfigDraft;
import dev.store.api.v1.ConfigType;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Content of an entry and what is said about it. */
final class ConfigDraftOptions {
    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            order = 1,
            description = "Read the content from a file; - for standard input.")
    @Nullable
    String file;

    @Option(
            names = {"-t", "--type"},
            paramLabel = "TYPE",
            order = 2,
            description = {
                "text, json, yaml, properties, toml or xml. Default: that of the newest version, else what the",
                "file's name says, else text."
            })
    @Nullable
    String type;

    @Option(
            names = {"-l", "--label"},
            paramLabel = "NAME=VALUE",
            order = 3,
            description = "A label; may be repeated. Replaces the labels that were there.")
    Map<String, String> labels = new LinkedHashMap<>();

    @Option(names = "--description", paramLabel = "TEXT", order = 4, description = "What the entry is for.")
    @Nullable
    String description;

    @Option(
            names = "--expect",
            paramLabel = "VERSION",
            order = 5,
            description = "Only if this is the newest version; 0 if the entry must not exist.")
    @Nullable
    Long expect;

    /** The entry with its content, from the argument, the file or standard input. */
    ConfigDraft draft(Context context, String entry, @Nullable String content) throws IOException {
        if (content != null && file != null) {
            throw new IllegalArgumentException("CONTENT and --file (expected: one of them)");
        }
        if (content == null && file == null) {
            throw new IllegalArgumentException(
                    "content: none (expected: CONTENT, --file FILE, or - for standard input)");
        }
        String from = file != null ? file : "-".equals(content) ? "-" : null;
        ByteString bytes = from == null
                ? ByteString.copyFromUtf8(String.valueOf(content))
                : Input.file(context, from, Limits.CONFIG_CONTENT_BYTES);
        return draft(entry, bytes, from);
    }

    private ConfigDraft draft(String entry, ByteString bytes, @Nullable String from) {
        ConfigDraft.Builder draft =
                ConfigDraft.newBuilder().setKey(ConfigText.key(entry)).setContent(bytes);
        ConfigType guess = from == null ? ConfigText.typeOf(entry) : ConfigText.typeOf(from);
        if (guess == null) {
            guess = ConfigText.typeOf(entry);
        }
        draft.setType(type != null ? ConfigText.type(type) : guess != null ? guess : ConfigType.CONFIG_TYPE_TEXT);
        draft.putAllLabels(labels).setDescription(description == null ? "" : description);
        // Whoever says nothing of these means them to stay.
        draft.setKeepMetadata(type == null && labels.isEmpty() && description == null);
        if (expect != null) {
            draft.setExpectedVersion(expect);
        }
        return draft.build();
    }
}
