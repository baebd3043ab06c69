package dev.store.raft.consensus;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.util.CodeInjectionForTesting;
import org.jspecify.annotations.Nullable;

/**
 * Cuts links between members of this process, in Ratis' own test hooks: what a member receives over a cut link is thrown
 * away. The hooks are global, so tests with clusters run one after the other.
 */
final class Partition {
    private static final List<String> HOOKS = List.of(
            "RaftServerImpl.appendEntries",
            "RaftServerImpl.requestVote",
            "RaftServerImpl.installSnapshot",
            "RaftServerImpl.startLeaderElection");

    private static final Set<String> CUT = ConcurrentHashMap.newKeySet();
    /** Who gets no entries after which index. */
    private static final Map<String, Long> STARVED = new ConcurrentHashMap<>();

    static {
        HOOKS.forEach(hook -> CodeInjectionForTesting.put(hook, Partition::drop));
    }

    Partition() {
        heal();
    }

    private static boolean drop(Object local, @Nullable Object remote, Object... arguments) {
        if (remote != null && CUT.contains(remote + ">" + local)) {
            throw new java.util.concurrent.CompletionException(new IOException("cut: " + remote + " > " + local));
        }
        long last = STARVED.getOrDefault("" + local, Long.MAX_VALUE);
        if (Stream.of(arguments)
                .anyMatch(argument -> argument instanceof AppendEntriesRequestProto append
                        && append.getEntriesList().stream().anyMatch(entry -> entry.getIndex() > last))) {
            throw new java.util.concurrent.CompletionException(new IOException("starved: " + local));
        }
        return false;
    }

    /** Lets a member have heartbeats, but no more entries. */
    void starve(String member) {
        starve(member, -1);
    }

    /** Lets a member have heartbeats, but no entries past an index. */
    void starve(String member, long lastIndex) {
        STARVED.put(member, lastIndex);
    }

    /** Cuts one member off from all others, both ways. */
    void isolate(String member, Iterable<String> others) {
        for (String other : others) {
            if (!other.equals(member)) {
                CUT.add(member + ">" + other);
                CUT.add(other + ">" + member);
            }
        }
    }

    boolean cut(String from, String to) {
        return CUT.contains(from + ">" + to);
    }

    void heal() {
        CUT.clear();
        STARVED.clear();
    }
}
