package dev.store.cli.txn;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields of a JSON object; each must be asked for, so that a misspelt one does not go unnoticed. */
final class Fields {
    private final String path;
    private final JsonObject object;
    private final Set<String> known = new HashSet<>();

    /**
     * @param path where the object stands, for messages
     */
    Fields(String path, JsonElement element) {
        if (!element.isJsonObject()) {
            throw new IllegalArgumentException(path + ": " + element + " (expected: an object)");
        }
        this.path = path;
        this.object = element.getAsJsonObject();
    }

    String path() {
        return path;
    }

    List<Fields> list(String name) {
        known.add(name);
        List<Fields> list = new ArrayList<>();
        JsonArray array = JsonForm.array(object, name, path);
        for (int i = 0; i < array.size(); i++) {
            list.add(new Fields(path + "." + name + "[" + i + "]", array.get(i)));
        }
        return list;
    }

    @Nullable
    Fields object(String name) {
        JsonElement element = element(name);
        return element == null ? null : new Fields(path + "." + name, element);
    }

    String string(String name, String otherwise) {
        JsonElement element = element(name);
        if (element == null) {
            return otherwise;
        }
        if (!element.isJsonPrimitive()) {
            throw wrong(name, element, "a string");
        }
        return element.getAsString();
    }

    /** A number; a string of digits will do, since ids may exceed what JSON's numbers hold everywhere. */
    long number(String name) {
        String text = string(name, "0");
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(path + "." + name + ": " + text + " (expected: a whole number)");
        }
    }

    boolean flag(String name) {
        JsonElement element = element(name);
        if (element == null) {
            return false;
        }
        if (!element.isJsonPrimitive() || !element.getAsJsonPrimitive().isBoolean()) {
            throw wrong(name, element, "true or false");
        }
        return element.getAsBoolean();
    }

    /** A string, number or boolean as UTF-8, or what {@code name_base64} stands for; null if neither is there. */
    @Nullable
    ByteString bytes(String name) {
        JsonElement plain = element(name);
        JsonElement coded = element(name + "_base64");
        if (plain != null && coded != null) {
            throw new IllegalArgumentException(path + ": both " + name + " and " + name + "_base64 (expected: one)");
        }
        if (plain != null) {
            return ByteString.copyFromUtf8(string(name, ""));
        }
        if (coded == null) {
            return null;
        }
        try {
            return ByteString.copyFrom(Base64.getDecoder().decode(string(name + "_base64", "")));
        } catch (IllegalArgumentException e) {
            throw wrong(name + "_base64", coded, "base64");
        }
    }

    void requireAllKnown() {
        for (String name : object.keySet()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(path + ": unknown field \"" + name + "\"");
            }
        }
    }

    private @Nullable JsonElement element(String name) {
        known.add(name);
        return object.get(name);
    }

    private IllegalArgumentException wrong(String name, JsonElement element, String expected) {
        return new IllegalArgumentException(path + "." + name + ": " + element + " (expected: " + expected + ")");
    }
}
