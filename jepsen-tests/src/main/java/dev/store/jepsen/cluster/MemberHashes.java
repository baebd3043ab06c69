package dev.store.jepsen.cluster;

import dev.store.api.v1.HashResponse;
import dev.store.api.v1.StatusResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Compares the members of a cluster, which must all hold the same. */
public final class MemberHashes {
    private MemberHashes() {}

    /**
     * Waits until all live members stand at one log index, and then demands that their rolling hash and their hash of all
     * entries agree.
     *
     * @return the revision at which they were found equal
     * @throws RigException if they differ, or do not come to rest
     */
    public static long requireEqual(Cluster cluster, Duration limit) {
        List<Node> live = cluster.live();
        List<StatusResponse> still = Await.answer(limit, "one applied index on " + live, () -> {
            List<StatusResponse> all =
                    live.stream().map(node -> node.client().status()).toList();
            boolean same = all.stream()
                            .map(status -> status.getLog().getAppliedIndex())
                            .distinct()
                            .count()
                    == 1;
            return same ? Optional.of(all) : Optional.empty();
        });
        Set<Long> rolling = new HashSet<>();
        StringBuilder report = new StringBuilder();
        for (StatusResponse status : still) {
            rolling.add(status.getStorage().getStateHash());
            report.append("\n  ").append(status.getName()).append(": state hash ");
            report.append(Long.toHexString(status.getStorage().getStateHash())).append(" at index ");
            report.append(status.getLog().getAppliedIndex());
        }
        long revision = still.get(0).getHeader().getRevision();
        Set<String> entries = new HashSet<>();
        for (Node node : live) {
            HashResponse hash = node.client().hash(revision);
            entries.add(hash.getHash() + "/" + hash.getEntries());
            report.append("\n  ").append(node.name()).append(": ").append(hash.getEntries());
            report.append(" entries with hash ").append(Long.toHexString(hash.getHash()));
            report.append(" at revision ").append(hash.getHashRevision());
        }
        if (rolling.size() != 1 || entries.size() != 1) {
            throw new RigException("members differ:" + report);
        }
        return revision;
    }
}
