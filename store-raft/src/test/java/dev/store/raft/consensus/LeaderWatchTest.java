package dev.store.raft.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.raft.Following;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LeaderWatchTest {
    private static final long TERM = 7;
    private static final long OVERDUE = 300;

    private final Map<String, Following> others = new HashMap<>();
    private final List<String> portsTried = new ArrayList<>();
    private final Set<String> refusing = new HashSet<>(Set.of("n1"));
    private final List<Following> campaigns = new ArrayList<>();
    private Following own = silent("n2", OVERDUE);
    private Quorum quorum = new Quorum(Set.of("n1", "n2", "n3"), Set.of());

    private final LeaderWatch watch = new LeaderWatch(
            new LeaderWatch.Observer() {
                @Override
                public Following own() {
                    return own;
                }

                @Override
                public Quorum quorum() {
                    return quorum;
                }

                @Override
                public CompletableFuture<Following> following(String member) {
                    Following answer = others.get(member);
                    return answer == null ? new CompletableFuture<>() : CompletableFuture.completedFuture(answer);
                }

                @Override
                public boolean campaign(Following member) {
                    return campaigns.add(member);
                }
            },
            member -> {
                portsTried.add(member);
                return refusing.contains(member);
            },
            Duration.ofMillis(500));

    private static Following silent(String member, long silentMs) {
        return new Following(member, TERM, "n1", silentMs, TERM, 40);
    }

    private static Following withLog(String member, long lastTerm, long lastIndex) {
        return new Following(member, TERM, "n1", OVERDUE, lastTerm, lastIndex);
    }

    @Test
    void aLeaderThatAMajorityMissesAndWhosePortRefusesIsGivenUpOnce() {
        others.put("n3", withLog("n3", TERM, 39));

        watch.look();
        watch.look();

        assertThat(campaigns).containsExactly(own);
        assertThat(watch.campaigns()).isEqualTo(1);
    }

    @Test
    void nobodyIsAskedWhileHeartbeatsAreOnTime() {
        others.put("n3", silent("n3", OVERDUE));
        own = silent("n2", OVERDUE - 1);

        watch.look();

        assertThat(portsTried).isEmpty();
        assertThat(campaigns).isEmpty();
    }

    @Test
    void aLeaderThatIsSilentButStillListensIsLeftToTheElectionTimeout() {
        others.put("n3", silent("n3", OVERDUE));
        refusing.clear();

        watch.look();

        assertThat(portsTried).containsExactly("n1");
        assertThat(campaigns).isEmpty();
    }

    @Test
    void whoCannotReachALeaderThatTheOthersStillHearDoesNotDisturbThem() {
        others.put("n3", silent("n3", OVERDUE - 1));
        watch.look();
        assertThat(campaigns).isEmpty();

        others.put("n3", withLog("n3", TERM, 39));
        watch.look();
        assertThat(campaigns).as("as soon as they miss it too").hasSize(1);
    }

    @Test
    void whoDoesNotAnswerDoesNotMissTheLeader() {
        watch.look();

        assertThat(campaigns).isEmpty();
    }

    @Test
    void whoFollowsAnotherLeaderOrIsInAnotherTermDoesNotMissThisOne() {
        others.put("n3", new Following("n3", TERM, "n2", OVERDUE, TERM, 40));
        watch.look();
        others.put("n3", new Following("n3", TERM + 1, "n1", OVERDUE, TERM, 40));
        watch.look();

        assertThat(campaigns).isEmpty();
    }

    @Test
    void theOneWithTheNewestLogCampaigns() {
        others.put("n3", withLog("n3", TERM, 41));
        watch.look();
        others.put("n3", withLog("n3", TERM, 40));
        watch.look();
        assertThat(campaigns).as("of equals the one with the later name").isEmpty();

        own = withLog("n2", TERM, 3);
        others.put("n3", withLog("n3", TERM - 1, 99));
        watch.look();
        assertThat(campaigns).as("a later term counts more than a longer log").containsExactly(own);
    }

    @Test
    void ofFiveThreeMustMissTheLeader() {
        quorum = new Quorum(Set.of("n1", "n2", "n3", "n4", "n5"), Set.of());
        others.put("n3", withLog("n3", TERM, 1));
        others.put("n4", silent("n4", 0));
        others.put("n5", silent("n5", 0));
        watch.look();
        assertThat(campaigns).isEmpty();

        others.put("n5", withLog("n5", TERM, 1));
        watch.look();
        assertThat(campaigns).hasSize(1);
    }

    @Test
    void aLearnerNeverCampaigns() {
        quorum = new Quorum(Set.of("n1", "n3"), Set.of());
        others.put("n3", withLog("n3", TERM, 1));

        watch.look();

        assertThat(portsTried).isEmpty();
        assertThat(campaigns).isEmpty();
    }
}
