package dev.store.api.client;

import dev.store.api.v1.Member;
import dev.store.api.v1.ResponseHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The members of the cluster.
 *
 * @param members in order of name
 */
public record MemberList(Header header, List<Item> members) implements Versioned {
    public MemberList {
        members = List.copyOf(members);
    }

    /** The member that leads; empty if none answered that it does. */
    public Optional<Item> leader() {
        for (Item member : members) {
            if (member.role() == Role.LEADER) {
                return Optional.of(member);
            }
        }
        return Optional.empty();
    }

    /**
     * One member.
     *
     * @param id id as in {@link Header#memberId()}
     * @param name name, unique in the cluster
     * @param clientEndpoint {@code host:port} for clients
     * @param raftEndpoint {@code host:port} for other members
     * @param role what it is in the Raft group
     * @param reachable whether it answered; what follows is 0 or empty if not
     * @param appliedIndex last log index applied
     * @param lagEntries log entries behind the leader's commit index
     * @param revision revision reached
     * @param dbSizeBytes bytes of live data and history on disk
     * @param version version of the program
     * @param error why it did not answer; empty if it did
     */
    public record Item(
            long id,
            String name,
            String clientEndpoint,
            String raftEndpoint,
            Role role,
            boolean reachable,
            long appliedIndex,
            long lagEntries,
            long revision,
            long dbSizeBytes,
            String version,
            String error) {
        private static Item of(Member member) {
            return new Item(
                    member.getId(),
                    member.getName(),
                    member.getClientEndpoint(),
                    member.getRaftEndpoint(),
                    Role.of(member.getRole()),
                    member.getReachable(),
                    member.getAppliedIndex(),
                    member.getLagEntries(),
                    member.getRevision(),
                    member.getDbSizeBytes(),
                    member.getVersion(),
                    member.getError());
        }
    }

    static MemberList of(ResponseHeader header, List<Member> members) {
        List<Item> items = new ArrayList<>(members.size());
        for (Member member : members) {
            items.add(Item.of(member));
        }
        return new MemberList(Header.of(header), items);
    }
}
