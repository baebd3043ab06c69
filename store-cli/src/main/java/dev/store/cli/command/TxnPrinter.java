package dev.store.cli.command;

import dev.store.api.v1.DeleteResult;
import dev.store.api.v1.KeyValue;
import dev.store.api.v1.PutResult;
import dev.store.api.v1.RangeResult;
import dev.store.api.v1.TxnOpResult;
import dev.store.api.v1.TxnResponse;
import dev.store.api.v1.TxnResult;
import dev.store.cli.print.Json;
import dev.store.cli.print.Table;
import dev.store.cli.print.Text;
import java.io.IOException;
import java.util.List;

/** Prints what a transaction did. */
final class TxnPrinter {
    private final Context context;

    TxnPrinter(Context context) {
        this.context = context;
    }

    void text(TxnResponse response) throws IOException {
        context.println((response.getResult().getSucceeded() ? "compares held" : "compares did not hold")
                + ", revision " + response.getHeader().getRevision());
        text(response.getResult(), "");
    }

    private void text(TxnResult result, String indent) throws IOException {
        for (TxnOpResult operation : result.getResultsList()) {
            switch (operation.getResultCase()) {
                case PUT -> {
                    context.println(indent + "put: done");
                    if (operation.getPut().hasPrevious()) {
                        table(List.of(operation.getPut().getPrevious()), "before", indent);
                    }
                }
                case DELETE -> {
                    DeleteResult deleted = operation.getDelete();
                    context.println(indent + "del: deleted " + Text.count(deleted.getDeleted(), "key", "keys"));
                    table(deleted.getPreviousList(), "before", indent);
                }
                case RANGE -> {
                    RangeResult range = operation.getRange();
                    long count = range.getCount() >= 0 ? range.getCount() : range.getEntriesCount();
                    context.println(
                            indent + "get: " + Text.count(count, "key", "keys") + (range.getMore() ? " and more" : ""));
                    table(range.getEntriesList(), "", indent);
                }
                case TXN -> {
                    boolean held = operation.getTxn().getSucceeded();
                    context.println(indent + (held ? "txn: compares held" : "txn: compares did not hold"));
                    text(operation.getTxn(), indent + "  ");
                }
                case RESULT_NOT_SET -> context.println(indent + "unknown result");
            }
        }
    }

    private void table(List<KeyValue> entries, String title, String indent) throws IOException {
        if (entries.isEmpty()) {
            return;
        }
        Table table = new Table(2, "", "", "");
        for (KeyValue entry : entries) {
            table.row(indent + "  " + title, Text.line(entry.getKey()), Text.line(entry.getValue()));
        }
        context.print(table.render(context.terminal().out() ? context.terminal().columns() : 0, false));
    }

    void json(TxnResponse response) throws IOException {
        Json json = new Json().object().field("revision", response.getHeader().getRevision());
        json(json, response.getResult());
        context.println(json.endObject().take());
    }

    private static void json(Json json, TxnResult result) {
        json.field("succeeded", result.getSucceeded()).array("results");
        for (TxnOpResult operation : result.getResultsList()) {
            json.object();
            switch (operation.getResultCase()) {
                case PUT -> put(json, operation.getPut());
                case DELETE -> {
                    json.object("del").field("deleted", operation.getDelete().getDeleted());
                    list(json, "previous", operation.getDelete().getPreviousList());
                    json.endObject();
                }
                case RANGE -> {
                    RangeResult range = operation.getRange();
                    json.object("get").field("count", range.getCount()).field("more", range.getMore());
                    list(json, "entries", range.getEntriesList());
                    json.endObject();
                }
                case TXN -> {
                    json.object("txn");
                    json(json, operation.getTxn());
                    json.endObject();
                }
                case RESULT_NOT_SET -> {}
            }
            json.endObject();
        }
        json.endArray();
    }

    private static void put(Json json, PutResult put) {
        json.object("put");
        if (put.hasPrevious()) {
            Entries.object(json, "previous", put.getPrevious());
        }
        json.endObject();
    }

    private static void list(Json json, String name, List<KeyValue> entries) {
        json.array(name);
        for (KeyValue entry : entries) {
            json.object();
            Entries.fields(json, entry, true);
            json.endObject();
        }
        json.endArray();
    }
}
