package dev.store.cli.command;

import com.google.protobuf.ByteString;
import dev.store.api.v1.KeyValue;
import dev.store.cli.print.Json;
import dev.store.cli.print.Table;
import dev.store.cli.print.Text;
import java.time.Instant;

/** How entries look. */
final class Entries {
    private Entries() {}

    /** The fields of an entry, inside an object that is open. */
    static void fields(Json json, KeyValue entry, boolean withValue) {
        json.bytes("key", entry.getKey());
        if (withValue) {
            json.bytes("value", entry.getValue());
        }
        json.field("create_revision", entry.getCreateRevision())
                .field("mod_revision", entry.getModRevision())
                .field("version", entry.getVersion())
                .id("lease_id", entry.getLeaseId())
                .field("created_at_ms", entry.getCreatedAtMs())
                .field("modified_at_ms", entry.getModifiedAtMs())
                .field("modified_by", by(entry));
    }

    /** An entry as an object that is a field. */
    static void object(Json json, String name, KeyValue entry) {
        json.object(name);
        fields(json, entry, true);
        json.endObject();
    }

    /** Everything about an entry, one fact on a line. */
    static String sheet(KeyValue entry) {
        Table table = new Table(1, "", "");
        table.row("key", Text.line(entry.getKey()));
        table.row("value", Text.line(entry.getValue()));
        table.row("revision", Long.toString(entry.getModRevision()));
        table.row("created at", Long.toString(entry.getCreateRevision()));
        table.row("version", Long.toString(entry.getVersion()));
        table.row("lease", lease(entry));
        table.row("modified", time(entry.getModifiedAtMs()) + " by " + by(entry));
        return table.render(0, false);
    }

    static Table table(boolean withValue, boolean detailed) {
        if (!detailed) {
            return withValue ? new Table(1, "KEY", "VALUE") : new Table(0, "KEY");
        }
        return withValue
                ? new Table(1, "KEY", "VALUE", "REVISION", "CREATED", "VERSION", "LEASE", "MODIFIED")
                : new Table(0, "KEY", "REVISION", "CREATED", "VERSION", "LEASE", "MODIFIED");
    }

    static void row(Table table, KeyValue entry, boolean withValue, boolean detailed) {
        String key = Text.line(entry.getKey());
        String value = withValue ? Text.line(entry.getValue()) : "";
        if (!detailed) {
            if (withValue) {
                table.row(key, value);
            } else {
                table.row(key);
            }
            return;
        }
        String revision = Long.toString(entry.getModRevision());
        String created = Long.toString(entry.getCreateRevision());
        String version = Long.toString(entry.getVersion());
        String modified = time(entry.getModifiedAtMs());
        if (withValue) {
            table.row(key, value, revision, created, version, lease(entry), modified);
        } else {
            table.row(key, revision, created, version, lease(entry), modified);
        }
    }

    /**
     * A value for the screen or a pipe. A screen gets no control characters but line ends and tabs: who writes a value
     * must not steer the terminal of who reads it.
     */
    static ByteString shown(ByteString value, boolean onScreen) {
        if (!onScreen) {
            return value;
        }
        for (int i = 0; i < value.size(); i++) {
            byte b = value.byteAt(i);
            if ((b >= 0 && b < ' ' && b != '\n' && b != '\t') || b == 0x7f) {
                return ByteString.copyFromUtf8(Text.line(value));
            }
        }
        return value.isValidUtf8() ? value : ByteString.copyFromUtf8(Text.line(value));
    }

    static String time(long millis) {
        return millis == 0 ? "-" : Instant.ofEpochMilli(millis).toString();
    }

    private static String lease(KeyValue entry) {
        return entry.getLeaseId() == 0 ? "-" : Long.toString(entry.getLeaseId());
    }

    private static String by(KeyValue entry) {
        return entry.getModifiedBy().isEmpty() ? "anonymous" : entry.getModifiedBy();
    }
}
