package dev.store.server.configuration;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.ByteString;
import dev.store.api.Limits;

/** JSON, strictly. */
final class JsonContent {
    static final StreamReadConstraints CONSTRAINTS = StreamReadConstraints.builder()
            .maxNestingDepth(Limits.CONFIG_CONTENT_DEPTH)
            .maxStringLength(Limits.CONFIG_CONTENT_BYTES)
            .maxNumberLength(1_000)
            .build();

    private static final JsonMapper MAPPER = JsonMapper.builder(
                    JsonFactory.builder().streamReadConstraints(CONSTRAINTS).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonContent() {}

    static JsonNode parse(String text) throws Content.Malformed {
        JsonNode tree;
        try {
            tree = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw malformed(e);
        }
        if (tree.isMissingNode()) {
            throw new Content.Malformed("empty", 1, 1);
        }
        TreeSize.check(tree);
        return tree;
    }

    static ByteString write(JsonNode tree) {
        try {
            return ByteString.copyFrom(MAPPER.writeValueAsBytes(tree));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree that was read cannot be written", e);
        }
    }

    static Content.Malformed malformed(JsonProcessingException e) {
        JsonLocation at = e.getLocation();
        return at == null
                ? new Content.Malformed(String.valueOf(e.getOriginalMessage()), 0, 0)
                : new Content.Malformed(
                        String.valueOf(e.getOriginalMessage()),
                        Math.max(0, at.getLineNr()),
                        Math.max(0, at.getColumnNr()));
    }
}
