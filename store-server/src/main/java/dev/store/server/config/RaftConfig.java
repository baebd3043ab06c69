package dev.store.server.config;

import java.time.Duration;

/**
 * The Raft port and elections.
 *
 * @param listen address it is opened on
 * @param advertise where other members reach it
 * @param electionTimeoutMin shortest silence of a leader before an election
 * @param electionTimeoutMax longest silence of a leader before an election
 */
public record RaftConfig(
        Endpoint listen, Endpoint advertise, Duration electionTimeoutMin, Duration electionTimeoutMax) {

    public RaftConfig {
        Problems problems = new Problems();
        Checks.reachable(problems, "raft.advertise", advertise);
        Checks.between(
                problems,
                "raft.election-timeout-min",
                electionTimeoutMin,
                Duration.ofMillis(100),
                Duration.ofMinutes(1));
        // Two candidates whose timeouts are drawn from a narrow interval split the votes again and again (Raft §5.2).
        Duration least = electionTimeoutMin.multipliedBy(12).dividedBy(10);
        Checks.between(problems, "raft.election-timeout-max", electionTimeoutMax, least, Duration.ofMinutes(2));
        problems.throwIfAny();
    }
}
