package dev.store.server.configuration;

import dev.store.api.v1.ConfigEntry;
import dev.store.api.v1.ConfigOutcome;
import dev.store.api.v1.ConfigPublishResponse;
import dev.store.api.v1.ReadConsistency;
import dev.store.api.v1.ReadOptions;
import java.util.concurrent.CompletableFuture;

/** A publication that is only tried: every check is made, and the answer says what would change. */
final class DryRun {
    private final ConfigParts parts;
    private final Release.Order order;
    private final Release release;

    DryRun(ConfigParts parts, Release.Order order, Release release) {
        this.parts = parts;
        this.order = order;
        this.release = release;
    }

    CompletableFuture<ConfigPublishResponse> run() {
        return parts.records().fresh(ReadOptions.getDefaultInstance()).thenCompose(revision -> {
            ReadOptions local = ReadOptions.newBuilder()
                    .setConsistency(ReadConsistency.READ_CONSISTENCY_SERIALIZABLE)
                    .setAtLeastRevision(revision)
                    .build();
            return parts.records().reads().large(local, view -> {
                Stored stored = new Stored(view);
                ConfigPublishResponse.Builder response = ConfigPublishResponse.newBuilder()
                        .setHeader(parts.headers().at(stored.revision()));
                order.drafts().forEach(item -> response.addOutcomes(outcome(stored, item)));
                return response.build();
            });
        });
    }

    private ConfigOutcome outcome(Stored stored, Release.Item item) {
        EntryState state = parts.view().entry(item.name());
        ConfigEntry next = release.next(item, state);
        long before = state == null ? 0 : state.newestNumber();
        ConfigOutcome.Builder outcome = ConfigOutcome.newBuilder()
                .setKey(item.name().toKey())
                .setPreviousVersion(before)
                .setVersion(before);
        if (!order.force() && !Release.differs(state, next)) {
            return outcome.build();
        }
        String old = before == 0
                ? ""
                : stored.version(item.name(), before).getContent().toStringUtf8();
        LineDiff diff = LineDiff.of(
                before == 0 ? "/dev/null" : item.name() + " version " + before,
                old,
                item.name() + " version " + next.getVersion(),
                next.getContent().toStringUtf8(),
                3);
        return outcome.setVersion(next.getVersion())
                .setChanged(true)
                .setDiff(diff.unified())
                .build();
    }
}
