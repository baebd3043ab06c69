package dev.store.api.configuration;

import dev.store.api.v1.ConfigOutcome;
import dev.store.api.v1.ResponseHeader;
import java.util.List;

/**
 * What a release, rollback or deletion did.
 *
 * @param revision the revision of all of it
 * @param outcomes entry by entry, in the order of the request
 */
public record Published(long revision, List<Outcome> outcomes) {
    /**
     * What became of one entry.
     *
     * @param name the entry
     * @param version its newest version afterwards
     * @param previousVersion its newest version before; 0 if it did not exist
     * @param changed whether a version was made
     * @param diff for a dry run, the change as a unified diff
     */
    public record Outcome(ConfigName name, long version, long previousVersion, boolean changed, String diff) {}

    static Published of(ResponseHeader header, List<ConfigOutcome> outcomes) {
        return new Published(
                header.getRevision(),
                outcomes.stream()
                        .map(outcome -> new Outcome(
                                ConfigName.of(outcome.getKey()),
                                outcome.getVersion(),
                                outcome.getPreviousVersion(),
                                outcome.getChanged(),
                                outcome.getDiff()))
                        .toList());
    }

    /** What became of the first entry. */
    public Outcome first() {
        return outcomes.get(0);
    }
}
