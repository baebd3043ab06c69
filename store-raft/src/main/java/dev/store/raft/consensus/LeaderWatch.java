package dev.store.raft.consensus;

import dev.store.raft.Following;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives up a leader whose process has ended, sooner than by an election timeout.
 *
 * <p>An election timeout must be long enough for a leader that pauses, or whose packets are lost; Ratis 3.3.0 moreover
 * sleeps it out a second time when the leader was heard during the first (FollowerState.runImpl). But where a process has
 * ended, its machine says so: it refuses connections to the port on which the leader listened. When a heartbeat is overdue,
 * that port refuses, and a majority misses the leader too, the one among them with the newest log campaigns at once.
 *
 * <p>A campaign is always safe; needless ones would disturb. So the majority is asked first, as in the vote before the vote
 * (Raft dissertation, section 9.6), and a leader is given up in this way once: if the campaign fails, the ordinary timeouts
 * decide.
 */
final class LeaderWatch {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderWatch.class);

    /** Who takes longer to say whether it misses the leader is counted as one that does not. */
    private static final long ANSWER_MS = 150;

    private final Observer observer;
    private final Predicate<String> refuses;
    private final long overdueMs;
    private long givenUpTerm;
    private final AtomicInteger campaigns = new AtomicInteger();

    /** What this member sees of the others, and can do. */
    interface Observer {
        /** How this member follows. */
        Following own();

        /** The voters. */
        Quorum quorum();

        /** How another member follows, at a moment after the call; never throws. */
        CompletableFuture<Following> following(String member);

        /**
         * Campaigns, unless the leader is not the one of this term any more.
         *
         * @return whether a campaign has begun
         */
        boolean campaign(Following own);
    }

    /**
     * @param refuses whether a member's address refuses connections; may take a moment
     * @param electionMin shortest election timeout; heartbeats come twice as often
     */
    LeaderWatch(Observer observer, Predicate<String> refuses, Duration electionMin) {
        this.observer = observer;
        this.refuses = refuses;
        this.overdueMs = electionMin.toMillis() * 3 / 5;
    }

    /** Looks once; called often, by one thread, which may be kept for a moment. */
    void look() {
        Following own = observer.own();
        if (!overdue(own) || own.term() == givenUpTerm) {
            return;
        }
        Quorum quorum = observer.quorum();
        if (!quorum.all().contains(own.member()) || !refuses.test(own.leader())) {
            return;
        }
        List<Following> missing = missing(own, quorum);
        Set<String> names = new HashSet<>();
        missing.forEach(member -> names.add(member.member()));
        if (!quorum.reachedBy(names) || !best(missing).equals(own.member())) {
            return;
        }
        Following now = observer.own();
        if (!overdue(now) || !now.sameLeaderAs(own)) {
            return;
        }
        givenUpTerm = own.term();
        LOG.info(
                "leader is gone: member={} leader={} term={} silent={}ms (its port refuses connections); campaigning",
                own.member(),
                own.leader(),
                own.term(),
                now.silentMs());
        if (observer.campaign(now)) {
            campaigns.incrementAndGet();
        }
    }

    /** Campaigns that were begun. */
    int campaigns() {
        return campaigns.get();
    }

    private boolean overdue(Following member) {
        return !member.leader().isEmpty() && member.silentMs() >= overdueMs;
    }

    /** This member, and the others who miss the same leader. */
    private List<Following> missing(Following own, Quorum quorum) {
        List<CompletableFuture<Following>> answers = new ArrayList<>();
        for (String voter : quorum.all()) {
            if (!voter.equals(own.member()) && !voter.equals(own.leader())) {
                // A copy is limited in time, so that the call itself is not completed under its owner's feet.
                answers.add(observer.following(voter)
                        .copy()
                        .completeOnTimeout(own, ANSWER_MS, TimeUnit.MILLISECONDS)
                        .exceptionally(failure -> own));
            }
        }
        List<Following> missing = new ArrayList<>(List.of(own));
        for (CompletableFuture<Following> answer : answers) {
            Following other = answer.join();
            if (!other.member().equals(own.member()) && overdue(other) && other.sameLeaderAs(own)) {
                missing.add(other);
            }
        }
        return missing;
    }

    /** All come to the same result, as no log grows without a leader. */
    private static String best(List<Following> members) {
        return members.stream()
                .max(Comparator.comparingLong(Following::lastTerm)
                        .thenComparingLong(Following::lastIndex)
                        .thenComparing(Following::member))
                .orElseThrow()
                .member();
    }
}
