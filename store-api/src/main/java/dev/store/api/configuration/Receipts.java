package dev.store.api.configuration;

import dev.store.api.v1.ConfigReceipt;
import dev.store.api.v1.ConfigReceiptsResponse;
import java.util.List;

/**
 * Which subscriber runs which version of an entry.
 *
 * @param subscribers those that are connected now, in order of id
 * @param silentMembers members that did not answer: their subscribers are missing
 */
public record Receipts(List<Subscriber> subscribers, List<String> silentMembers) {
    /**
     * One subscriber.
     *
     * @param id its id
     * @param address its address
     * @param member the member that serves it
     * @param meant the version that is meant for it; 0 if the entry does not exist for it
     * @param sent the version last sent to it; 0 if none
     * @param running the version that it last said it runs; 0 if none
     * @param failure why it could not take over what was sent; empty if it could
     */
    public record Subscriber(
            String id, String address, String member, long meant, long sent, long running, String failure) {
        /** Whether it runs what is meant for it. */
        public boolean upToDate() {
            return meant == 0 || running == meant;
        }
    }

    static Receipts of(ConfigReceiptsResponse response) {
        return new Receipts(
                response.getReceiptsList().stream().map(Receipts::subscriber).toList(),
                List.copyOf(response.getSilentMembersList()));
    }

    private static Subscriber subscriber(ConfigReceipt receipt) {
        return new Subscriber(
                receipt.getInstance().getId(),
                receipt.getInstance().getAddress(),
                receipt.getMember(),
                receipt.getMeantVersion(),
                receipt.getSentVersion(),
                receipt.getRunningVersion(),
                receipt.getFailure());
    }

    /** Whether all members answered, and all subscribers run what is meant for them. */
    public boolean complete() {
        return silentMembers.isEmpty() && subscribers.stream().allMatch(Subscriber::upToDate);
    }
}
