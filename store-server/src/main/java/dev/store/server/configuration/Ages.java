package dev.store.server.configuration;

import dev.store.api.v1.ReadConsistency;
import dev.store.api.v1.ReadOptions;
import dev.store.raft.v1.ConfigPolicyRecord;
import dev.store.server.edge.Reads;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/** Finds which versions of entries have become too old to be kept. */
final class Ages {
    private static final int MAX_LOOKED_AT = 100;
    private static final ReadOptions LOCAL = ReadOptions.newBuilder()
            .setConsistency(ReadConsistency.READ_CONSISTENCY_SERIALIZABLE)
            .build();

    private final ConfigView view;
    private final Reads reads;
    private final LongSupplier clock;

    Ages(ConfigView view, Reads reads, LongSupplier clock) {
        this.view = view;
        this.reads = reads;
        this.clock = clock;
    }

    /** The first version that is young enough, of those entries whose versions are kept for a limited time. */
    CompletableFuture<Map<EntryName, Long>> youngest(List<EntryName> names) {
        Map<EntryName, Long> oldest = new HashMap<>();
        for (EntryName name : names) {
            ConfigPolicyRecord policy = view.policy(name);
            if (policy != null && policy.getMaxAgeMs() > 0) {
                oldest.put(name, clock.getAsLong() - policy.getMaxAgeMs());
            }
        }
        if (oldest.isEmpty()) {
            return CompletableFuture.completedFuture(Map.of());
        }
        return reads.large(LOCAL, keyspace -> {
            Stored stored = new Stored(keyspace);
            Map<EntryName, Long> young = new HashMap<>();
            oldest.forEach((name, notBefore) -> stored.find(name).ifPresent(record -> {
                long[] first = {Math.max(1, record.getFirstKept())};
                stored.versions(name, first[0], first[0] + MAX_LOOKED_AT, (number, row) -> {
                    boolean old = row.createdAtMs() < notBefore;
                    if (old) {
                        first[0] = number + 1;
                    }
                    return old;
                });
                young.put(name, first[0]);
            }));
            return young;
        });
    }
}
