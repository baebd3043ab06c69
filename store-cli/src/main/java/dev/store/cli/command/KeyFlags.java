package dev.store.cli.command;

import com.google.protobuf.ByteString;
import dev.store.api.v1.KeySelector;
import dev.store.api.v1.KeySpan;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which keys a command means, beyond one. */
final class KeyFlags implements FastOptions {
    @Option(names = "--prefix", order = 1, description = "All keys that start with KEY.")
    boolean prefix;

    @Option(names = "--from-key", order = 2, description = "KEY and all keys after it.")
    boolean fromKey;

    /** Whether more than one key may be meant. */
    boolean many(@Nullable String end) {
        return prefix || fromKey || end != null;
    }

    /** The keys from KEY, END and the flags. */
    KeySelector selector(String key, @Nullable String end) {
        int ways = (prefix ? 1 : 0) + (fromKey ? 1 : 0) + (end == null ? 0 : 1);
        if (ways > 1) {
            throw new IllegalArgumentException("keys: more than one of --prefix, --from-key and END (expected: one)");
        }
        KeySelector.Builder selector = KeySelector.newBuilder();
        if (prefix) {
            return selector.setPrefix(Input.bytes(key)).build();
        }
        if (fromKey) {
            return selector.setSpan(KeySpan.newBuilder().setStart(Input.bytes(key)))
                    .build();
        }
        if (end != null) {
            ByteString last = Input.bytes(end);
            if (last.isEmpty()) {
                throw new IllegalArgumentException("END: \"\" (expected: a key after KEY, or --from-key)");
            }
            return selector.setSpan(
                            KeySpan.newBuilder().setStart(Input.bytes(key)).setEnd(last))
                    .build();
        }
        return selector.setKey(Input.bytes(key)).build();
    }

    @Override
    public boolean flag(String option) {
        switch (option) {
            case "--prefix" -> prefix = true;
            case "--from-key" -> fromKey = true;
            default -> {
                return false;
            }
        }
        return true;
    }
}
