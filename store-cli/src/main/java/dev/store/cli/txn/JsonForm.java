package dev.store.cli.txn;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.protobuf.ByteString;
import dev.store.api.Limits;
import dev.store.api.v1.Compare;
import dev.store.api.v1.Delete;
import dev.store.api.v1.KeySelector;
import dev.store.api.v1.KeySpan;
import dev.store.api.v1.Put;
import dev.store.api.v1.Range;
import dev.store.api.v1.Txn;
import dev.store.api.v1.TxnOp;

/**
 * Reads a transaction from JSON:
 * {@code {"compare":[{"key":"a","field":"mod_revision","op":"=","value":5}],"then":[{"put":{"key":"a","value":"x"}}],
 * "else":[{"get":{"key":"a"}}]}}. Bytes that are no UTF-8 are given in base64, in a field with {@code _base64} after
 * its name; {@code "prefix"} or {@code "start"} and {@code "end"} stand in place of {@code "key"} for many keys; an
 * operation {@code {"txn":{…}}} nests.
 */
public final class JsonForm {
    private JsonForm() {}

    /** The transaction; an error names the field. */
    public static Txn parse(String text) {
        JsonElement element;
        try {
            element = JsonParser.parseString(text);
        } catch (JsonParseException e) {
            throw new IllegalArgumentException("transaction: no JSON: " + e.getMessage());
        }
        return txn(new Fields("transaction", element), 1);
    }

    private static Txn txn(Fields fields, int depth) {
        if (depth > Limits.TXN_DEPTH) {
            throw new IllegalArgumentException(
                    fields.path() + ": nested " + depth + " deep (expected: at most " + Limits.TXN_DEPTH + ")");
        }
        Txn.Builder txn = Txn.newBuilder();
        for (Fields compare : fields.list("compare")) {
            txn.addCompares(compare(compare));
        }
        for (Fields operation : fields.list("then")) {
            txn.addThen(operation(operation, depth));
        }
        for (Fields operation : fields.list("else")) {
            txn.addOtherwise(operation(operation, depth));
        }
        fields.requireAllKnown();
        return txn.build();
    }

    private static Compare compare(Fields fields) {
        Compare.Builder compare = Compare.newBuilder().setKeys(keys(fields));
        String field = fields.string("field", "");
        compare.setOperator(CompareLine.operator(fields.string("op", "=")));
        ByteString value = fields.bytes("value");
        if (value == null) {
            throw new IllegalArgumentException(fields.path() + ".value: missing (expected: what to compare with)");
        }
        CompareLine.target(compare, field, new Words.Word(value, true));
        fields.requireAllKnown();
        return compare.build();
    }

    private static TxnOp operation(Fields fields, int depth) {
        TxnOp.Builder operation = TxnOp.newBuilder();
        Fields put = fields.object("put");
        Fields get = fields.object("get");
        Fields del = fields.object("del");
        Fields txn = fields.object("txn");
        if (put != null) {
            operation.setPut(put(put));
        } else if (get != null) {
            operation.setRange(Range.newBuilder()
                    .setKeys(keys(get))
                    .setLimit(get.number("limit"))
                    .setKeysOnly(get.flag("keys_only"))
                    .setCountOnly(get.flag("count_only")));
            get.requireAllKnown();
        } else if (del != null) {
            operation.setDelete(Delete.newBuilder().setKeys(keys(del)).setReturnPrevious(del.flag("prev")));
            del.requireAllKnown();
        } else if (txn != null) {
            operation.setTxn(txn(txn, depth + 1));
        } else {
            throw new IllegalArgumentException(fields.path() + ": no operation (expected: put, get, del or txn)");
        }
        fields.requireAllKnown();
        return operation.build();
    }

    private static Put put(Fields fields) {
        ByteString key = fields.bytes("key");
        ByteString value = fields.bytes("value");
        Put put = Put.newBuilder()
                .setKey(key == null ? ByteString.EMPTY : key)
                .setValue(value == null ? ByteString.EMPTY : value)
                .setLeaseId(fields.number("lease_id"))
                .setKeepValue(fields.flag("keep_value"))
                .setKeepLease(fields.flag("keep_lease"))
                .setReturnPrevious(fields.flag("prev"))
                .build();
        if (value == null && !put.getKeepValue()) {
            throw new IllegalArgumentException(fields.path() + ".value: missing (expected: a value, or keep_value)");
        }
        fields.requireAllKnown();
        return put;
    }

    private static KeySelector keys(Fields fields) {
        ByteString key = fields.bytes("key");
        ByteString prefix = fields.bytes("prefix");
        ByteString start = fields.bytes("start");
        ByteString end = fields.bytes("end");
        boolean span = start != null || end != null;
        if ((key == null ? 0 : 1) + (prefix == null ? 0 : 1) + (span ? 1 : 0) != 1) {
            throw new IllegalArgumentException(fields.path() + ": expected one of key, prefix, and start with end");
        }
        if (key != null) {
            return KeySelector.newBuilder().setKey(key).build();
        }
        if (prefix != null) {
            return KeySelector.newBuilder().setPrefix(prefix).build();
        }
        return KeySelector.newBuilder()
                .setSpan(KeySpan.newBuilder()
                        .setStart(start == null ? ByteString.EMPTY : start)
                        .setEnd(end == null ? ByteString.EMPTY : end))
                .build();
    }

    /** Only for {@link Fields}: the elements of an array. */
    static JsonArray array(JsonObject object, String name, String path) {
        JsonElement element = object.get(name);
        if (element == null) {
            return new JsonArray();
        }
        if (!element.isJsonArray()) {
            throw new IllegalArgumentException(path + "." + name + ": " + element + " (expected: an array)");
        }
        return element.getAsJsonArray();
    }
}
