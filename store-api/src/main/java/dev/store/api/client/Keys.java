package dev.store.api.client;

import com.google.protobuf.ByteString;
import dev.store.api.v1.KeySelector;
import dev.store.api.v1.KeySpan;
import java.util.Objects;

/** Which keys of a namespace a request means: one key, those with a prefix, or a half-open interval. */
public final class Keys {
    private final KeySelector selector;

    private Keys(KeySelector selector) {
        this.selector = selector;
    }

    /** Exactly this key. */
    public static Keys of(String key) {
        return of(Bytes.of(key));
    }

    /** Exactly this key. */
    public static Keys of(Bytes key) {
        return new Keys(KeySelector.newBuilder().setKey(key.toByteString()).build());
    }

    /** All keys that start with this; every key of the namespace if it is empty. */
    public static Keys prefix(String prefix) {
        return prefix(Bytes.of(prefix));
    }

    /** All keys that start with this; every key of the namespace if it is empty. */
    public static Keys prefix(Bytes prefix) {
        return new Keys(
                KeySelector.newBuilder().setPrefix(prefix.toByteString()).build());
    }

    /** All keys from {@code start}, inclusive, to {@code end}, exclusive. */
    public static Keys between(String start, String end) {
        return between(Bytes.of(start), Bytes.of(end));
    }

    /** All keys from {@code start}, inclusive, to {@code end}, exclusive; an empty end means no upper bound. */
    public static Keys between(Bytes start, Bytes end) {
        return new Keys(KeySelector.newBuilder()
                .setSpan(KeySpan.newBuilder().setStart(start.toByteString()).setEnd(end.toByteString()))
                .build());
    }

    /** All keys from {@code start} on, inclusive. */
    public static Keys from(String start) {
        return between(Bytes.of(start), Bytes.EMPTY);
    }

    /** All keys from {@code start} on, inclusive. */
    public static Keys from(Bytes start) {
        return between(start, Bytes.EMPTY);
    }

    /** Every key of the namespace. */
    public static Keys all() {
        return prefix(Bytes.EMPTY);
    }

    KeySelector toProto() {
        return selector;
    }

    /** Those of the keys of {@code selector} that come after {@code last}. */
    static KeySelector after(ByteString last, KeySelector selector) {
        KeySpan.Builder rest = KeySpan.newBuilder().setStart(last.concat(ByteString.copyFrom(new byte[1])));
        switch (selector.getKindCase()) {
            case KEY -> rest.setEnd(selector.getKey().concat(ByteString.copyFrom(new byte[2])));
            case PREFIX -> rest.setEnd(endOfPrefix(selector.getPrefix()));
            case SPAN -> rest.setEnd(selector.getSpan().getEnd());
            case KIND_NOT_SET -> throw new IllegalArgumentException("keys: none (expected: a key, a prefix or a span)");
        }
        return KeySelector.newBuilder().setSpan(rest).build();
    }

    /** The least key above all keys with the prefix; empty if there is none. */
    private static ByteString endOfPrefix(ByteString prefix) {
        byte[] end = prefix.toByteArray();
        for (int i = end.length - 1; i >= 0; i--) {
            if (end[i] != (byte) 0xff) {
                end[i]++;
                return ByteString.copyFrom(end, 0, i + 1);
            }
        }
        return ByteString.EMPTY;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Keys that && selector.equals(that.selector);
    }

    @Override
    public int hashCode() {
        return Objects.hash(selector);
    }

    @Override
    public String toString() {
        return switch (selector.getKindCase()) {
            case KEY -> Bytes.of(selector.getKey()).toString();
            case PREFIX -> Bytes.of(selector.getPrefix()) + "*";
            case SPAN ->
                "[" + Bytes.of(selector.getSpan().getStart()) + ", "
                        + Bytes.of(selector.getSpan().getEnd()) + ")";
            case KIND_NOT_SET -> "none";
        };
    }
}
