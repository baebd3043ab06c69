package dev.store.server.config;

import dev.store.api.Limits;

/**
 * Limits that an operator may lower, and the sizes of queues.
 *
 * @param requestBytes largest request
 * @param watchesPerStream most watches on one stream
 * @param watchesPerMember most watches on this node
 * @param readThreads threads for ranges, streams and hashes
 * @param readQueue most ranges that wait for a thread
 */
public record LimitsConfig(
        long requestBytes, int watchesPerStream, int watchesPerMember, int readThreads, int readQueue) {

    public LimitsConfig {
        Problems problems = new Problems();
        Checks.between(problems, "limits.request-bytes", requestBytes, 64 * 1024, Limits.REQUEST_BYTES);
        Checks.between(problems, "limits.watches-per-stream", watchesPerStream, 1, Limits.WATCHES_PER_STREAM);
        Checks.between(problems, "limits.watches-per-member", watchesPerMember, 1, Limits.WATCHES_PER_MEMBER);
        Checks.between(problems, "limits.read-threads", readThreads, 1, 256);
        Checks.between(problems, "limits.read-queue", readQueue, 1, 1_000_000);
        problems.throwIfAny();
    }
}
