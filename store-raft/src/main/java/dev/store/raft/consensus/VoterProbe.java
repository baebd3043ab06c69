package dev.store.raft.consensus;

import dev.store.api.v1.StatusResponse;
import dev.store.raft.Members;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;

/**
 * Asks members whether they live, at this moment. What a leader remembers of its followers is some heartbeats old: a
 * member that was killed a moment ago still looks well.
 */
final class VoterProbe {
    /** Longer than a pause for garbage, shorter than the patience of an operator. */
    static final Duration LIMIT = Duration.ofMillis(1_500);

    private final Members members;
    private final RaftPeerId self;

    VoterProbe(Members members, RaftPeerId self) {
        this.members = members;
        this.self = self;
    }

    /** Completes, within the limit, with the names of those who answered, in order; never fails. */
    CompletableFuture<Set<String>> answering(Collection<RaftPeer> asked) {
        Map<String, CompletableFuture<Boolean>> answers = new TreeMap<>();
        for (RaftPeer peer : asked) {
            answers.put(peer.getId().toString(), peer.getId().equals(self) ? yes() : ask(peer));
        }
        return CompletableFuture.allOf(answers.values().toArray(new CompletableFuture<?>[0]))
                .thenApply(done -> {
                    Set<String> answering = new TreeSet<>();
                    answers.forEach((name, answer) -> {
                        if (answer.join()) {
                            answering.add(name);
                        }
                    });
                    return answering;
                });
    }

    private CompletableFuture<Boolean> ask(RaftPeer peer) {
        if (peer.getClientAddress() == null) {
            return CompletableFuture.completedFuture(false);
        }
        String name = peer.getId().toString();
        CompletableFuture<StatusResponse> status;
        try {
            status = members.at(peer.getClientAddress()).status();
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(false);
        }
        // A copy is limited in time, so that the call itself is not completed under its owner's feet.
        return status.thenApply(answer -> answer.getName().equals(name))
                .completeOnTimeout(false, LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(failure -> false);
    }

    private static CompletableFuture<Boolean> yes() {
        return CompletableFuture.completedFuture(true);
    }
}
