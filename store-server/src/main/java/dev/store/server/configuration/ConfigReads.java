package dev.store.server.configuration;

import com.google.protobuf.ByteString;
import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.ConfigDiffRequest;
import dev.store.api.v1.ConfigDiffResponse;
import dev.store.api.v1.ConfigEntry;
import dev.store.api.v1.ConfigGetRequest;
import dev.store.api.v1.ConfigGetResponse;
import dev.store.api.v1.ConfigHistoryRequest;
import dev.store.api.v1.ConfigHistoryResponse;
import dev.store.api.v1.ConfigListRequest;
import dev.store.api.v1.ConfigListResponse;
import dev.store.api.v1.ConfigSearchRequest;
import dev.store.api.v1.ConfigSearchResponse;
import dev.store.raft.keyspace.Requests;
import dev.store.raft.v1.ConfigRecord;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Reads: the newest versions from memory, everything else from the keyspace, at one revision each. */
final class ConfigReads {
    private static final int HISTORY_DEFAULT = 100;
    private static final int DIFF_CONTEXT = 3;

    private final ConfigParts parts;

    ConfigReads(ConfigParts parts) {
        this.parts = parts;
    }

    CompletableFuture<ConfigGetResponse> get(ConfigGetRequest request, String address) {
        EntryName name = ConfigRequests.entry(request.getNamespace(), request.getKey());
        ConfigRequests.notNegative("version", request.getVersion());
        Requests.read(request.getRead());
        Instance instance = Instance.NOBODY;
        if (request.hasSeenBy()) {
            if (request.getVersion() != 0) {
                throw ConfigRequests.invalid(
                        "version", String.valueOf(request.getVersion()), "0 together with seen_by");
            }
            ConfigRequests.instance(request.getSeenBy());
            instance = Instance.of(request.getSeenBy(), address);
        }
        Instance reader = instance;
        if (request.getVersion() != 0 || request.getResolve() || request.getWithJson()) {
            return stored(request, name, reader);
        }
        return parts.records().fresh(request.getRead()).thenCompose(revision -> {
            EntryState state = parts.view().entry(name);
            EntryVersion meant = state == null ? null : state.meantFor(reader);
            if (state == null || meant == null || meant.deleted()) {
                throw Stored.notFound(name);
            }
            if (!request.getMetadataOnly() && !meant.held()) {
                return stored(request, name, reader);
            }
            ConfigEntry entry =
                    request.getMetadataOnly() ? meant.withoutContent().entry() : meant.entry();
            return CompletableFuture.completedFuture(ConfigGetResponse.newBuilder()
                    // The state may be newer than the revision asked for, but then it is that of its own revision.
                    .setHeader(parts.headers().at(Math.max(revision, state.revision())))
                    .setEntry(entry)
                    .setNewestVersion(state.newestNumber())
                    .setGrayVersion(state.record().getGrayVersion())
                    .build());
        });
    }

    private CompletableFuture<ConfigGetResponse> stored(ConfigGetRequest request, EntryName name, Instance reader) {
        return parts.records().reads().large(request.getRead(), view -> {
            Stored stored = new Stored(view);
            ConfigRecord record = stored.entry(name);
            ConfigEntry entry = request.getVersion() != 0
                    ? stored.version(name, request.getVersion())
                    : meant(stored, name, record, reader);
            if (entry == null) {
                throw Stored.notFound(name);
            }
            if (request.getResolve()) {
                entry = resolved(stored, name, entry, reader);
            }
            if (request.getWithJson()) {
                entry = EntryVersion.withJson(entry);
            }
            if (request.getMetadataOnly()) {
                entry = entry.toBuilder().clearContent().build();
            }
            return ConfigGetResponse.newBuilder()
                    .setHeader(parts.headers().at(stored.revision()))
                    .setEntry(entry)
                    .setNewestVersion(record.getDeleted() ? 0 : record.getNewestVersion())
                    .setGrayVersion(record.getGrayVersion())
                    .build();
        });
    }

    private static @Nullable ConfigEntry meant(Stored stored, EntryName name, ConfigRecord record, Instance reader) {
        long number = stored.meantFor(name, record, reader);
        return number == 0 ? null : stored.version(name, number);
    }

    private static ConfigEntry resolved(Stored stored, EntryName name, ConfigEntry entry, Instance reader) {
        Placeholders placeholders = new Placeholders(name.namespace(), other -> {
            ConfigRecord record = stored.find(other).orElse(null);
            return record == null ? null : meant(stored, other, record, reader);
        });
        ByteString content = ByteString.copyFromUtf8(
                placeholders.resolve(name, entry.getContent().toStringUtf8()));
        return entry.toBuilder()
                .setContent(content)
                .setSizeBytes(content.size())
                .setChecksum(Release.sha256(content))
                .build();
    }

    CompletableFuture<ConfigListResponse> list(ConfigListRequest request) {
        String namespace = Requests.namespace(request.getNamespace());
        String group = ConfigRequests.groupFilter(request.getGroup());
        int limit = ConfigRequests.page(request.getLimit(), Limits.CONFIG_PAGE_ENTRIES);
        ConfigRequests.labels(request.getLabelsMap());
        Requests.read(request.getRead());
        if (!request.getNamePrefix().isEmpty()) {
            ConfigRequests.name("name_prefix", request.getNamePrefix());
            if (group.isEmpty()) {
                throw ConfigRequests.invalid("name_prefix", request.getNamePrefix(), "empty where no group is given");
            }
        }
        EntryName first = new EntryName(namespace, group, request.getNamePrefix());
        EntryName after = request.hasAfter() ? ConfigRequests.entry(request.getNamespace(), request.getAfter()) : null;
        return parts.records().fresh(request.getRead()).thenApply(fresh -> {
            ConfigListResponse.Builder response = ConfigListResponse.newBuilder();
            // One state of all entries: the page is short, and nothing changes meanwhile.
            parts.view().whileStill(revision -> {
                response.setHeader(parts.headers().at(Math.max(fresh, revision)));
                boolean later = after != null && after.compareTo(first) >= 0;
                EntryName from = later && after != null ? after : first;
                for (EntryState state : parts.view().entriesAfter(from, !later).values()) {
                    if (!within(state.name(), first)) {
                        break;
                    }
                    if (wanted(state, request)) {
                        if (response.getEntriesCount() == limit) {
                            response.setMore(true);
                            break;
                        }
                        response.addEntries(java.util.Objects.requireNonNull(state.newest()).entry().toBuilder()
                                .clearContent()
                                .build());
                    }
                }
            });
            return response.build();
        });
    }

    private static boolean within(EntryName name, EntryName first) {
        return name.namespace().equals(first.namespace())
                && (first.group().isEmpty() || name.group().equals(first.group()))
                && name.name().startsWith(first.name());
    }

    private static boolean wanted(EntryState state, ConfigListRequest request) {
        EntryVersion newest = state.newest();
        return newest != null
                && (request.getDeleted() || !newest.deleted())
                && request.getLabelsMap().entrySet().stream().allMatch(label -> label.getValue()
                        .equals(newest.entry().getLabelsMap().get(label.getKey())));
    }

    CompletableFuture<ConfigSearchResponse> search(ConfigSearchRequest request) {
        String namespace = Requests.namespace(request.getNamespace());
        Search search = new Search(request, System::nanoTime);
        return parts.records().reads().large(request.getRead(), view -> {
            Stored stored = new Stored(view);
            return search.run(stored, namespace).toBuilder()
                    .setHeader(parts.headers().at(stored.revision()))
                    .build();
        });
    }

    CompletableFuture<ConfigHistoryResponse> history(ConfigHistoryRequest request) {
        EntryName name = ConfigRequests.entry(request.getNamespace(), request.getKey());
        ConfigRequests.notNegative("before_version", request.getBeforeVersion());
        int limit = ConfigRequests.page(request.getLimit(), HISTORY_DEFAULT);
        return parts.records().reads().large(request.getRead(), view -> {
            Stored stored = new Stored(view);
            ConfigRecord record = stored.entry(name);
            long last = request.getBeforeVersion() == 0
                    ? record.getLastVersion()
                    : Math.min(record.getLastVersion(), request.getBeforeVersion() - 1);
            // Numbers follow one another, so the page is known beforehand.
            long first = Math.max(Math.max(1, record.getFirstKept()), last - limit + 1);
            ArrayDeque<ConfigEntry> newestFirst = new ArrayDeque<>();
            if (first <= last) {
                stored.versions(name, first, last, (number, row) -> {
                    newestFirst.push(EntryVersion.read(name, number, row)
                            .withoutContent()
                            .entry());
                    return true;
                });
            }
            return ConfigHistoryResponse.newBuilder()
                    .setHeader(parts.headers().at(stored.revision()))
                    .addAllVersions(newestFirst)
                    .setMore(first > Math.max(1, record.getFirstKept()))
                    .setNewestVersion(record.getDeleted() ? 0 : record.getNewestVersion())
                    .build();
        });
    }

    CompletableFuture<ConfigDiffResponse> diff(ConfigDiffRequest request) {
        EntryName name = ConfigRequests.entry(request.getNamespace(), request.getKey());
        ConfigRequests.notNegative("from_version", request.getFromVersion());
        ConfigRequests.notNegative("to_version", request.getToVersion());
        if (request.hasContext()) {
            ConfigRequests.between("context", request.getContext(), 0, 1_000);
        }
        if (request.hasContent() && request.getToVersion() != 0) {
            throw ConfigRequests.invalid("to_version", String.valueOf(request.getToVersion()), "0 beside a content");
        }
        return parts.records().reads().large(request.getRead(), view -> diff(request, name, new Stored(view)));
    }

    private ConfigDiffResponse diff(ConfigDiffRequest request, EntryName name, Stored stored) {
        ConfigRecord record =
                request.hasContent() ? stored.find(name).orElse(ConfigRecord.getDefaultInstance()) : stored.entry(name);
        long newest = record.getNewestVersion();
        long to = request.hasContent() ? 0 : request.getToVersion() == 0 ? newest : request.getToVersion();
        long from = request.getFromVersion() != 0 ? request.getFromVersion() : request.hasContent() ? newest : to - 1;
        String after = request.hasContent()
                ? text(request.getContent())
                : stored.version(name, to).getContent().toStringUtf8();
        String before = from <= 0 ? "" : stored.version(name, from).getContent().toStringUtf8();
        LineDiff diff = LineDiff.of(
                from <= 0 ? "/dev/null" : name + " version " + from,
                before,
                request.hasContent() ? name + " given" : name + " version " + to,
                after,
                request.hasContext() ? request.getContext() : DIFF_CONTEXT);
        return ConfigDiffResponse.newBuilder()
                .setHeader(parts.headers().at(stored.revision()))
                .setUnified(diff.unified())
                .setAddedLines(diff.added())
                .setRemovedLines(diff.removed())
                .setFromVersion(Math.max(0, from))
                .setToVersion(to)
                .build();
    }

    static String text(ByteString content) {
        if (content.size() > Limits.CONFIG_CONTENT_BYTES) {
            throw ConfigRequests.tooLarge("content", content.size() + " bytes", Limits.CONFIG_CONTENT_BYTES);
        }
        try {
            return Content.utf8(content);
        } catch (Content.Malformed e) {
            throw new StoreException(
                    ErrorCode.CONTENT_MALFORMED, "content: " + e.getMessage() + " (expected: UTF-8)", Map.of(), null);
        }
    }
}
