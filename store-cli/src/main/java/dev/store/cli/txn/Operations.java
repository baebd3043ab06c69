package dev.store.cli.txn;

import com.google.protobuf.ByteString;
import dev.store.api.v1.Delete;
import dev.store.api.v1.KeySelector;
import dev.store.api.v1.KeySpan;
import dev.store.api.v1.Put;
import dev.store.api.v1.Range;
import dev.store.api.v1.TxnOp;
import java.util.List;

/** The operations {@code put}, {@code get} and {@code del} of the text form. */
final class Operations {
    private Operations() {}

    static TxnOp of(String name, List<ByteString> parameters, Options options) {
        TxnOp operation =
                switch (name) {
                    case "put" -> put(parameters, options);
                    case "get", "range" -> get(parameters, options);
                    case "del", "delete" -> del(parameters, options);
                    default -> throw new IllegalArgumentException("\"" + name + "\" (expected: put, get or del)");
                };
        options.requireAllKnown(name);
        return operation;
    }

    private static TxnOp put(List<ByteString> parameters, Options options) {
        boolean keepValue = options.flag("--keep-value");
        int wanted = keepValue ? 1 : 2;
        if (parameters.size() != wanted) {
            throw new IllegalArgumentException("put: " + parameters.size() + " parameters (expected: "
                    + (keepValue ? "KEY --keep-value" : "KEY VALUE") + "; quote what contains blanks)");
        }
        return TxnOp.newBuilder()
                .setPut(Put.newBuilder()
                        .setKey(parameters.get(0))
                        .setValue(keepValue ? ByteString.EMPTY : parameters.get(1))
                        .setKeepValue(keepValue)
                        .setKeepLease(options.flag("--keep-lease"))
                        .setLeaseId(options.number("--lease"))
                        .setReturnPrevious(options.flag("--prev")))
                .build();
    }

    private static TxnOp get(List<ByteString> parameters, Options options) {
        return TxnOp.newBuilder()
                .setRange(Range.newBuilder()
                        .setKeys(selector("get", parameters, options))
                        .setLimit(options.number("--limit"))
                        .setKeysOnly(options.flag("--keys-only"))
                        .setCountOnly(options.flag("--count-only")))
                .build();
    }

    private static TxnOp del(List<ByteString> parameters, Options options) {
        return TxnOp.newBuilder()
                .setDelete(Delete.newBuilder()
                        .setKeys(selector("del", parameters, options))
                        .setReturnPrevious(options.flag("--prev")))
                .build();
    }

    private static KeySelector selector(String name, List<ByteString> parameters, Options options) {
        boolean prefix = options.flag("--prefix");
        boolean fromKey = options.flag("--from-key");
        boolean span = parameters.size() == 2;
        if (parameters.isEmpty()
                || parameters.size() > 2
                || (prefix ? 1 : 0) + (fromKey ? 1 : 0) + (span ? 1 : 0) > 1) {
            throw new IllegalArgumentException(
                    name + ": expected KEY, KEY END, KEY --prefix or KEY --from-key; quote what contains blanks");
        }
        ByteString key = parameters.get(0);
        if (prefix) {
            return KeySelector.newBuilder().setPrefix(key).build();
        }
        if (fromKey || span) {
            return KeySelector.newBuilder()
                    .setSpan(KeySpan.newBuilder().setStart(key).setEnd(span ? parameters.get(1) : ByteString.EMPTY))
                    .build();
        }
        return KeySelector.newBuilder().setKey(key).build();
    }
}
