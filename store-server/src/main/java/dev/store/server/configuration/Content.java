package dev.store.server.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.ConfigType;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Content and its type: whether it is well-formed, and as a tree where it has that shape. */
final class Content {
    /** Why content is not well-formed, and where: line and column count from 1, 0 means not known. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        final int line;
        final int column;

        Malformed(String reason, int line, int column) {
            super(reason, null, false, false);
            this.line = line;
            this.column = column;
        }
    }

    private Content() {}

    /** Refuses content that is not what its type says. */
    static void check(EntryName entry, ConfigType type, ByteString content) {
        try {
            parse(type, content);
        } catch (Malformed e) {
            throw malformed(entry, type, e);
        }
    }

    /**
     * The content as a tree, or null if it has no such shape: text, xml, several YAML documents.
     *
     * @throws StoreException with CONTENT_MALFORMED if it is not well-formed
     */
    static @Nullable JsonNode tree(EntryName entry, ConfigType type, ByteString content) {
        try {
            return parse(type, content);
        } catch (Malformed e) {
            throw malformed(entry, type, e);
        }
    }

    /** As {@link #tree}, but null also for content that is not well-formed. */
    static @Nullable JsonNode treeIfAny(ConfigType type, ByteString content) {
        try {
            return parse(type, content);
        } catch (Malformed e) {
            return null;
        }
    }

    private static @Nullable JsonNode parse(ConfigType type, ByteString content) throws Malformed {
        String text = utf8(content);
        try {
            return switch (type) {
                case CONFIG_TYPE_JSON -> JsonContent.parse(text);
                case CONFIG_TYPE_YAML -> YamlContent.parse(text);
                case CONFIG_TYPE_TOML -> TomlContent.parse(text);
                case CONFIG_TYPE_PROPERTIES -> PropertiesContent.parse(text);
                case CONFIG_TYPE_XML -> {
                    XmlContent.check(text);
                    yield null;
                }
                case CONFIG_TYPE_TEXT, UNRECOGNIZED -> null;
            };
        } catch (StackOverflowError e) {
            // The parsers have limits of their own on depth; this is for a way around them that nobody knows of.
            throw new Malformed("nested too deep", 0, 0);
        }
    }

    /** The text; malformed if the bytes are not UTF-8. */
    static String utf8(ByteString content) throws Malformed {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(content.asReadOnlyByteBuffer())
                    .toString();
        } catch (CharacterCodingException e) {
            throw firstBadByte(content);
        }
    }

    private static Malformed firstBadByte(ByteString content) {
        ByteBuffer bytes = content.asReadOnlyByteBuffer();
        var decoder = StandardCharsets.UTF_8.newDecoder();
        decoder.decode(bytes, java.nio.CharBuffer.allocate(bytes.remaining() + 1), true);
        int at = bytes.position();
        int line = 1;
        int column = 1;
        for (int i = 0; i < at; i++) {
            column++;
            if (content.byteAt(i) == '\n') {
                line++;
                column = 1;
            }
        }
        return new Malformed("not UTF-8: byte 0x" + Integer.toHexString(content.byteAt(at) & 0xff), line, column);
    }

    /** The name of a type, as people write it. */
    static String typeName(ConfigType type) {
        return type.name().substring("CONFIG_TYPE_".length()).toLowerCase(Locale.ROOT);
    }

    private static StoreException malformed(EntryName entry, ConfigType type, Malformed reason) {
        Map<String, String> details = new HashMap<>();
        String place = "";
        if (reason.line > 0) {
            details.put("line", String.valueOf(reason.line));
            details.put("column", String.valueOf(reason.column));
            place = ", line " + reason.line + ", column " + reason.column;
        }
        return new StoreException(
                ErrorCode.CONTENT_MALFORMED,
                "content of " + entry + place + ": " + ConfigRequests.shown(String.valueOf(reason.getMessage()))
                        + " (expected: well-formed " + typeName(type) + ")",
                details,
                null);
    }
}
