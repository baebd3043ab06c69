package dev.store.server.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A compiled JSON Schema. Nothing outside of the schema is ever read: references lead within it. Patterns are those of
 * RE2, which take linear time.
 */
final class JsonSchema {
    /** Past this many violations nobody reads on. */
    private static final int MAX_VIOLATIONS = 100;

    private static final Set<String> REFERENCES = Set.of("$ref", "$dynamicRef", "$recursiveRef");
    private static final RegularExpressionFactory RE2 = JsonSchema::pattern;

    /** One place in a content that the schema forbids: a JSON pointer, and why. */
    record Violation(String path, String reason) {}

    private final Schema schema;

    private JsonSchema(Schema schema) {
        this.schema = schema;
    }

    /** Compiles a schema; SCHEMA_MALFORMED if it is none. */
    static JsonSchema compile(ByteString text) {
        JsonNode node;
        try {
            node = JsonContent.parse(Content.utf8(text));
        } catch (Content.Malformed e) {
            String place = e.line > 0 ? ", line " + e.line + ", column " + e.column : "";
            throw malformed(place + ": " + e.getMessage() + " (expected: well-formed json)");
        }
        if (!node.isObject() && !node.isBoolean()) {
            throw malformed(": " + node.getNodeType().name().toLowerCase(Locale.ROOT) + " (expected: an object)");
        }
        SpecificationVersion version = version(node);
        checkParts(node);
        try {
            SchemaRegistry registry = registry(version);
            List<Error> errors = registry.getSchema(SchemaLocation.of(version.getDialectId()))
                    .validate(node);
            if (!errors.isEmpty()) {
                Error first = errors.get(0);
                throw malformed(" at \"" + first.getInstanceLocation() + "\": " + first.getMessage()
                        + " (expected: a schema of " + version.getDialectId() + ")");
            }
            Schema schema = registry.getSchema(node);
            schema.initializeValidators();
            return new JsonSchema(schema);
        } catch (StoreException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            throw malformed(": " + ConfigRequests.shown(String.valueOf(e.getMessage())));
        }
    }

    /** What the schema forbids of a content. */
    List<Violation> violations(JsonNode content) {
        List<Violation> violations = new ArrayList<>();
        try {
            for (Error error : schema.validate(content)) {
                if (violations.size() < MAX_VIOLATIONS) {
                    violations.add(new Violation(error.getInstanceLocation().toString(), error.getMessage()));
                }
            }
        } catch (RuntimeException | StackOverflowError e) {
            violations.add(new Violation("", "the schema cannot be evaluated: " + e));
        }
        return violations;
    }

    private static SchemaRegistry registry(SpecificationVersion version) {
        SchemaRegistryConfig config = SchemaRegistryConfig.builder()
                .pathType(PathType.JSON_POINTER)
                .locale(Locale.ROOT)
                .regularExpressionFactory(RE2)
                .build();
        // One registry for each schema: what a schema names itself must not be seen by another.
        return SchemaRegistry.withDefaultDialect(version, builder -> builder.schemaRegistryConfig(config)
                .schemaLoader(loader -> loader.block(iri -> !iri.toString().contains("json-schema.org/"))));
    }

    private static SpecificationVersion version(JsonNode schema) {
        JsonNode named = schema.get("$schema");
        if (named == null) {
            return SpecificationVersion.DRAFT_2020_12;
        }
        return SpecificationVersion.fromDialectId(named.asText())
                .or(() -> SpecificationVersion.fromDialectId(named.asText() + "#"))
                .orElseThrow(() -> malformed(" at \"/$schema\": \"" + ConfigRequests.shown(named.asText())
                        + "\" (expected: the id of draft 2020-12, 2019-09, 7, 6 or 4)"));
    }

    private static void checkParts(JsonNode root) {
        ArrayDeque<JsonNode> left = new ArrayDeque<>();
        left.add(root);
        while (!left.isEmpty()) {
            JsonNode node = left.pop();
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                JsonNode value = field.getValue();
                if (REFERENCES.contains(field.getKey())
                        && value.isTextual()
                        && !value.asText().startsWith("#")) {
                    throw malformed(": " + field.getKey() + " \"" + ConfigRequests.shown(value.asText())
                            + "\" (expected: a reference within the schema, starting with '#')");
                }
                if (field.getKey().equals("pattern") && value.isTextual()) {
                    pattern(value.asText());
                }
                if (field.getKey().equals("patternProperties")) {
                    value.fieldNames().forEachRemaining(JsonSchema::pattern);
                }
            }
            node.forEach(left::push);
        }
    }

    private static RegularExpression pattern(String regex) {
        try {
            Pattern pattern = Pattern.compile(regex);
            return text -> pattern.matcher(text).find();
        } catch (PatternSyntaxException e) {
            throw malformed(": pattern \"" + ConfigRequests.shown(regex) + "\": " + e.getDescription()
                    + " (expected: an expression of RE2)");
        }
    }

    private static StoreException malformed(String why) {
        return new StoreException(ErrorCode.SCHEMA_MALFORMED, "schema" + why);
    }
}
