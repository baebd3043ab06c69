package dev.store.raft.consensus;

import dev.store.raft.keyspace.Keyspace;
import dev.store.raft.keyspace.Keyspace.IndexHash;
import dev.store.raft.v1.StateHash;
import dev.store.raft.v1.StateHashes;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.ratis.protocol.RaftPeer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares this member's rolling hashes with the others'. Where a majority of the voters agrees on another hash at the
 * same index, this member has computed something else from the same log: it takes itself out instead of serving it.
 */
final class DivergenceCheck {
    private static final Logger LOG = LoggerFactory.getLogger(DivergenceCheck.class);
    private static final long TIMEOUT_MS = 2_000;

    private final ReplicaCore core;
    private final AtomicBoolean underWay = new AtomicBoolean();

    DivergenceCheck(ReplicaCore core) {
        this.core = core;
    }

    /** A hash on which most voters agree and which is not ours. */
    record Difference(long index, long ours, long theirs, int voters) {}

    /** Asks the voters; called every few seconds. What does not answer in time is left out. */
    void look() {
        Collection<RaftPeer> voters = core.raft().division().getRaftConf().getCurrentPeers();
        List<CompletableFuture<StateHashes>> answers = voters.stream()
                .filter(voter -> !voter.getId().equals(core.raft().self()))
                .filter(voter -> voter.getClientAddress() != null)
                .map(voter -> core.given()
                        .members()
                        .at(voter.getClientAddress())
                        .stateHashes()
                        .completeOnTimeout(StateHashes.getDefaultInstance(), TIMEOUT_MS, TimeUnit.MILLISECONDS)
                        .exceptionally(failure -> StateHashes.getDefaultInstance()))
                .toList();
        if (answers.isEmpty() || !underWay.compareAndSet(false, true)) {
            return;
        }
        var unused = CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .whenComplete((done, failure) -> {
                    underWay.set(false);
                    if (!core.isClosed()) {
                        judge(answers.stream().map(CompletableFuture::join).toList(), voters.size());
                    }
                });
    }

    private void judge(List<StateHashes> others, int voters) {
        Difference difference = difference(core.holder().with(Keyspace::recentHashes), others, voters);
        if (difference == null) {
            return;
        }
        String figures = "at log index " + difference.index() + " this member has hash "
                + Long.toHexString(difference.ours()) + ", " + difference.voters() + " of " + voters + " voters have "
                + Long.toHexString(difference.theirs());
        try {
            DataFolder.markDiverged(core.options().dataFolder(), figures);
        } catch (IOException e) {
            LOG.error("the mark {} could not be written", DataFolder.DIVERGED, e);
        }
        core.fatal(
                "the state of member \"" + core.options().self().name() + "\" differs from the others': " + figures
                        + ". Remove the member from the cluster, empty its data folder "
                        + core.options().dataFolder() + ", and add it again",
                null);
    }

    /** Where a majority of all voters agrees on a hash that is not ours, at the newest such index; null if nowhere. */
    static @Nullable Difference difference(List<IndexHash> ours, List<StateHashes> others, int allVoters) {
        Map<Long, Long> mine = new HashMap<>();
        ours.forEach(hash -> mine.put(hash.index(), hash.hash()));
        Map<StateHash, Integer> votes = new HashMap<>();
        Difference found = null;
        for (StateHashes other : others) {
            for (StateHash theirs : other.getHashesList()) {
                Long here = mine.get(theirs.getIndex());
                if (here == null || here == theirs.getHash()) {
                    continue;
                }
                int voters = votes.merge(theirs, 1, Integer::sum);
                if (2 * voters > allVoters && (found == null || found.index() <= theirs.getIndex())) {
                    found = new Difference(theirs.getIndex(), here, theirs.getHash(), voters);
                }
            }
        }
        return found;
    }
}
