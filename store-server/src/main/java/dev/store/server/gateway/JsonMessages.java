package dev.store.server.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Messages as JSON, as etcd's gateway writes them: fields by the names of the proto, bytes in base64, 64-bit numbers as
 * strings, and nothing for what has its default.
 */
final class JsonMessages {
    private static final JsonFormat.Printer PRINTER =
            JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();
    private static final JsonFormat.Parser PARSER = JsonFormat.parser().ignoringUnknownFields();
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private JsonMessages() {}

    static String print(Message message) {
        try {
            return PRINTER.print(message);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("an answer cannot be written as JSON", e);
        }
    }

    /** A text as a JSON string. */
    static String quoted(String text) {
        return MAPPER.getNodeFactory().textNode(text).toString();
    }

    /**
     * The requests of a body: one JSON object after the other. An empty body is one request with nothing in it.
     *
     * @throws IllegalArgumentException whose message says what is wrong
     */
    static List<Message> parse(PrototypeMarshaller<Message> type, String body) {
        Message prototype = type.getMessagePrototype();
        List<Message> messages = new ArrayList<>();
        try (MappingIterator<JsonNode> values = MAPPER.readerFor(JsonNode.class).readValues(body)) {
            while (values.hasNext()) {
                Message.Builder builder = prototype.newBuilderForType();
                PARSER.merge(values.next().toString(), builder);
                messages.add(builder.build());
            }
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("body: " + e.getMessage(), e);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("body: " + e.getOriginalMessage() + " (expected: JSON)", e);
        } catch (RuntimeException e) {
            // The iterator wraps what it meets.
            throw new IllegalArgumentException("body: " + cause(e) + " (expected: JSON)", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return messages.isEmpty() ? List.of(prototype) : messages;
    }

    private static String cause(RuntimeException e) {
        return e.getCause() instanceof JsonProcessingException json ? json.getOriginalMessage() : e.toString();
    }
}
