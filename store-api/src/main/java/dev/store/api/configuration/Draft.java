package dev.store.api.configuration;

import com.google.protobuf.ByteString;
import dev.store.api.client.Bytes;
import dev.store.api.v1.ConfigDraft;

/** An entry to be published. Immutable: each method gives another one. */
public final class Draft {
    private final ConfigDraft draft;

    private Draft(ConfigDraft draft) {
        this.draft = draft;
    }

    /** Text for an entry, {@code group/name}. */
    public static Draft of(String entry, String content) {
        return of(ConfigName.of(entry), Bytes.of(content));
    }

    /** Bytes of UTF-8 for an entry. */
    public static Draft of(ConfigName entry, Bytes content) {
        return new Draft(ConfigDraft.newBuilder()
                .setKey(entry.toKey())
                .setContent(content.toByteString())
                .build());
    }

    /** What the content is; text unless it is said. */
    public Draft as(ConfigFormat format) {
        return new Draft(draft.toBuilder().setType(format.type()).build());
    }

    /** Adds a label. */
    public Draft label(String name, String value) {
        return new Draft(draft.toBuilder().putLabels(name, value).build());
    }

    /** What the entry is for. */
    public Draft description(String description) {
        return new Draft(draft.toBuilder().setDescription(description).build());
    }

    /** Demands that the newest version has this number; 0 demands that the entry does not exist. */
    public Draft expect(long version) {
        return new Draft(draft.toBuilder().setExpectedVersion(version).build());
    }

    /** Keeps format, labels and description of the newest version, where there is one. */
    public Draft keepMetadata() {
        return new Draft(draft.toBuilder().setKeepMetadata(true).build());
    }

    ConfigDraft toProto() {
        return draft;
    }

    ByteString content() {
        return draft.getContent();
    }
}
