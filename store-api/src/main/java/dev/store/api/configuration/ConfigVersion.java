package dev.store.api.configuration;

import dev.store.api.client.Bytes;
import dev.store.api.v1.ConfigCause;
import dev.store.api.v1.ConfigEntry;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One version of an entry. Immutable. */
public final class ConfigVersion {
    /** How a version came to be. */
    public enum Cause {
        PUBLISH,
        ROLLBACK,
        GRAY,
        DELETE
    }

    private final ConfigEntry entry;
    private final boolean stale;
    private volatile @Nullable ConfigValues values;

    ConfigVersion(ConfigEntry entry, boolean stale) {
        this.entry = entry;
        this.stale = stale;
    }

    /** The entry. */
    public ConfigName name() {
        return ConfigName.of(entry.getKey());
    }

    /** Number of the version, from 1; 0 in a change that says that the entry does not exist for this instance any more. */
    public long number() {
        return entry.getVersion();
    }

    /** What the content is. */
    public ConfigFormat format() {
        return ConfigFormat.of(entry.getType());
    }

    /** The content as text. */
    public String text() {
        return entry.getContent().toStringUtf8();
    }

    /** The content; empty where only metadata was asked for. */
    public Bytes content() {
        return Bytes.of(entry.getContent());
    }

    /** Bytes of the content, also where it was not asked for. */
    public long sizeBytes() {
        return entry.getSizeBytes();
    }

    /** SHA-256 of the content. */
    public Bytes checksum() {
        return Bytes.of(entry.getChecksum());
    }

    /** Labels. */
    public Map<String, String> labels() {
        return entry.getLabelsMap();
    }

    /** What the entry is for. */
    public String description() {
        return entry.getDescription();
    }

    /** How the version came to be. */
    public Cause cause() {
        return switch (entry.getCause()) {
            case CONFIG_CAUSE_ROLLBACK -> Cause.ROLLBACK;
            case CONFIG_CAUSE_GRAY -> Cause.GRAY;
            case CONFIG_CAUSE_DELETE -> Cause.DELETE;
            case CONFIG_CAUSE_PUBLISH, UNRECOGNIZED -> Cause.PUBLISH;
        };
    }

    /** For a rollback, the version that the content comes from; else 0. */
    public long fromVersion() {
        return entry.getFromVersion();
    }

    /** Who made it, as the server knows; empty for anonymous. */
    public String principal() {
        return entry.getPrincipal();
    }

    /** Who made it, as they said. */
    public String author() {
        return entry.getAuthor();
    }

    /** Why, as they said. */
    public String comment() {
        return entry.getComment();
    }

    /** Address that it came from. */
    public String fromAddress() {
        return entry.getFromAddress();
    }

    /** When, by the leader's clock. */
    public Instant publishedAt() {
        return Instant.ofEpochMilli(entry.getPublishedAtMs());
    }

    /** Revision at which it was made. */
    public long revision() {
        return entry.getRevision();
    }

    /** Whether it is, or was until it was aborted, released to some instances only. */
    public boolean gray() {
        return entry.getGray();
    }

    /** Whether the entry is deleted; there is no content then. */
    public boolean deleted() {
        return entry.getDeleted() || entry.getCause() == ConfigCause.CONFIG_CAUSE_DELETE;
    }

    /** Whether it comes from the local file, and the cluster may have a newer one. */
    public boolean stale() {
        return stale;
    }

    /**
     * Typed access to the content of JSON and properties, and to that of YAML and TOML where it comes from a subscription or
     * {@link ConfigClient#structured}.
     *
     * @throws IllegalStateException if the content has no such shape
     */
    public ConfigValues values() {
        ConfigValues known = values;
        if (known == null) {
            known = ConfigValues.of(entry);
            values = known;
        }
        return known;
    }

    ConfigEntry toProto() {
        return entry;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ConfigVersion that && entry.equals(that.entry) && stale == that.stale;
    }

    @Override
    public int hashCode() {
        return entry.hashCode();
    }

    @Override
    public String toString() {
        return name() + " version " + number() + (stale ? " (stale)" : "");
    }
}
