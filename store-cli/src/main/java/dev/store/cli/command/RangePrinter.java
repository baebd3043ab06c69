package dev.store.cli.command;

import dev.store.api.v1.KeyValue;
import dev.store.cli.ExitCode;
import dev.store.cli.print.Json;
import dev.store.cli.print.Table;
import dev.store.cli.print.Text;
import java.io.IOException;
import java.util.List;

/** Prints many entries as they come. */
final class RangePrinter {
    private static final int FLUSH_CHARACTERS = 64 * 1024;

    private final Context context;
    private final boolean inJson;
    private final RangeFlags flags;
    private final boolean valuesOnly;
    private final Json json = new Json();
    private final Table table;
    private boolean headed;

    RangePrinter(Context context, boolean inJson, RangeFlags flags, boolean valuesOnly) {
        this.context = context;
        this.inJson = inJson;
        this.flags = flags;
        this.valuesOnly = valuesOnly;
        this.table = Entries.table(!flags.keysOnly, flags.detailed);
    }

    /** Begins with the revision that is read. */
    void begin(long revision) {
        if (inJson) {
            json.object().field("revision", revision);
            if (!flags.countOnly) {
                json.array("entries");
            }
        }
    }

    int count(long count) throws IOException {
        if (inJson) {
            context.println(json.field("count", count).endObject().take());
        } else {
            context.println(Long.toString(count));
        }
        return ExitCode.OK;
    }

    void entries(List<KeyValue> entries) throws IOException {
        if (inJson) {
            for (KeyValue entry : entries) {
                json.object();
                Entries.fields(json, entry, !flags.keysOnly);
                json.endObject();
                if (json.length() > FLUSH_CHARACTERS) {
                    context.print(json.take());
                }
            }
        } else if (valuesOnly) {
            for (KeyValue entry : entries) {
                entry.getValue().writeTo(context.out());
                context.out().write('\n');
            }
        } else if (!entries.isEmpty()) {
            boolean withValues = !flags.keysOnly;
            table.nextPage();
            for (KeyValue entry : entries) {
                Entries.row(table, entry, withValues, flags.detailed);
            }
            // Bare keys are a list to work on, not a table.
            boolean heading = !headed && (withValues || flags.detailed);
            context.print(
                    table.render(context.terminal().out() ? context.terminal().columns() : 0, heading));
            headed = true;
        }
    }

    void end(long printed, boolean more) throws IOException {
        if (inJson) {
            context.println(json.endArray()
                    .field("count", printed)
                    .field("more", more)
                    .endObject()
                    .take());
            return;
        }
        context.out().flush();
        if (printed == 0) {
            context.err().println("store: no keys");
        } else if (more && context.terminal().err()) {
            context.err().println("… and more; this is the first " + Text.count(printed, "key", "keys"));
        }
    }
}
