package dev.store.server.configuration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlFactory;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;

/** TOML; dates become strings. */
final class TomlContent {
    private static final TomlMapper MAPPER = TomlMapper.builder(TomlFactory.builder()
                    .streamReadConstraints(JsonContent.CONSTRAINTS)
                    .build())
            .build();

    private TomlContent() {}

    static JsonNode parse(String text) throws Content.Malformed {
        JsonNode tree;
        try {
            tree = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw JsonContent.malformed(e);
        }
        TreeSize.check(tree);
        return tree;
    }
}
