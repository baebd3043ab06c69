package dev.store.server.configuration;

import dev.store.api.v1.ConfigEntry;
import dev.store.api.v1.ReadConsistency;
import dev.store.api.v1.ReadOptions;
import dev.store.server.edge.Headers;
import dev.store.server.records.Records;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/** What all streams of subscribers share. */
record SubscriberParts(
        ConfigView view, Subscriptions subscriptions, Records records, Headers headers, LongSupplier clock) {
    /** Most bytes of old versions that one subscriber is sent of one entry before it is told of a gap instead. */
    private static final long MAX_HISTORY_BYTES = 4L << 20;

    /** Completes once the view is loaded, and shows at least this revision. */
    CompletableFuture<Long> fresh(long revision) {
        return records.fresh(serializable(revision));
    }

    /** Completes once the view shows all that was acknowledged before the call. */
    CompletableFuture<Long> newest() {
        return records.fresh(ReadOptions.getDefaultInstance());
    }

    /**
     * Old versions of an entry.
     *
     * @param entries in order, the one that is meant now last; empty if that one is no longer kept
     * @param gap whether versions between are no longer kept, or too large together
     */
    record History(List<ConfigEntry> entries, boolean gap) {}

    /** The versions that a plan wants to be sent, which are not in memory. */
    CompletableFuture<History> history(EntryName name, DeliveryPlan plan, long revision) {
        return records.reads().large(serializable(revision), view -> {
            Stored stored = new Stored(view);
            List<ConfigEntry> entries = new ArrayList<>();
            boolean gap = plan.from() > 0 && !between(stored, name, plan, entries);
            if (gap) {
                entries.clear();
            }
            EntryVersion last = Objects.requireNonNull(plan.version());
            ConfigEntry meant = last.held()
                    ? last.entry()
                    : stored.findVersion(name, plan.number()).orElse(null);
            if (meant == null) {
                return new History(List.of(), gap);
            }
            entries.add(meant);
            return new History(entries, gap);
        });
    }

    private static boolean between(Stored stored, EntryName name, DeliveryPlan plan, List<ConfigEntry> entries) {
        long[] next = {plan.from()};
        long[] left = {MAX_HISTORY_BYTES};
        stored.versions(name, plan.from(), plan.to(), (number, row) -> {
            if (number != next[0]) {
                return false;
            }
            next[0]++;
            ConfigEntry entry = EntryVersion.read(name, number, row).entry();
            left[0] -= entry.getSizeBytes();
            if (!entry.getGray()) {
                entries.add(entry);
            }
            return left[0] > 0;
        });
        return next[0] > plan.to();
    }

    private static ReadOptions serializable(long revision) {
        return ReadOptions.newBuilder()
                .setConsistency(ReadConsistency.READ_CONSISTENCY_SERIALIZABLE)
                .setAtLeastRevision(revision)
                .build();
    }
}
