package dev.store.server.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads {@code store.yaml} into settings with the lines they stand on. */
final class ConfigFile {
    private static final long MAX_BYTES = 1 << 20;

    private final String label;
    private final Problems problems;
    private final Map<String, Setting> settings = new LinkedHashMap<>();

    private ConfigFile(String label, Problems problems) {
        this.label = label;
        this.problems = problems;
    }

    /** The settings of a file; what is wrong with it goes to the problems. */
    static Map<String, Setting> read(Path file, Problems problems) {
        ConfigFile reader = new ConfigFile(file.toString(), problems);
        try {
            long size = Files.size(file);
            if (size > MAX_BYTES) {
                problems.add(file + ": " + size + " bytes (expected: at most " + MAX_BYTES + ")");
                return Map.of();
            }
            reader.parse(Files.readString(file, StandardCharsets.UTF_8));
        } catch (IOException e) {
            problems.add(file + ": cannot be read: " + e);
        }
        return reader.settings;
    }

    private void parse(String text) {
        try {
            new Compose(LoadSettings.builder()
                            .setLabel(label)
                            .setMaxAliasesForCollections(0)
                            .build())
                    .composeString(text)
                    .ifPresent(this::readRoot);
        } catch (MarkedYamlEngineException e) {
            problems.add(e.getProblemMark().map(this::at).orElse(label) + ": not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            problems.add(label + ": not YAML: " + e.getMessage());
        }
    }

    private void readRoot(Node root) {
        if (root instanceof MappingNode mapping) {
            readMapping("", mapping);
        } else if (!(root instanceof ScalarNode scalar && scalar.getValue().isBlank())) {
            problems.add(at(root) + ": a document that is no mapping (expected: sections such as node: and cluster:)");
        }
    }

    private void readMapping(String prefix, MappingNode mapping) {
        for (NodeTuple entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode name)) {
                problems.add(at(entry.getKeyNode()) + ": a key that is no text");
                continue;
            }
            String path = prefix + name.getValue();
            Node value = entry.getValueNode();
            if (value instanceof MappingNode nested) {
                readMapping(path + ".", nested);
            } else if (value instanceof SequenceNode sequence) {
                readSequence(path, name, sequence);
            } else if (value instanceof ScalarNode scalar) {
                put(path, name, isNull(scalar) ? "" : scalar.getValue());
            }
        }
    }

    private void readSequence(String path, Node name, SequenceNode sequence) {
        boolean list = Keys.find(path).map(key -> key.kind().list()).orElse(true);
        if (!list) {
            problems.add(at(sequence) + ": " + path + ": a list (expected: one value)");
            return;
        }
        StringJoiner joined = new StringJoiner(",");
        for (Node item : sequence.getValue()) {
            if (item instanceof ScalarNode scalar) {
                joined.add(scalar.getValue());
            } else {
                problems.add(at(item) + ": " + path + ": an item that is no text");
            }
        }
        put(path, name, joined.toString());
    }

    private void put(String path, Node name, String text) {
        if (Keys.find(path).isEmpty()) {
            problems.add(at(name) + ": unknown key " + path
                    + Suggestion.forName(
                            path, Keys.all().stream().map(Key::name).toList()));
            return;
        }
        Setting before = settings.put(path, new Setting(text, at(name)));
        if (before != null) {
            problems.add(at(name) + ": " + path + ": set twice (first at " + before.origin() + ")");
        }
    }

    private static boolean isNull(ScalarNode scalar) {
        return scalar.getTag().equals(org.snakeyaml.engine.v2.nodes.Tag.NULL);
    }

    private String at(Node node) {
        return node.getStartMark().map(this::at).orElse(label);
    }

    private String at(Mark mark) {
        return label + ":" + (mark.getLine() + 1);
    }
}
