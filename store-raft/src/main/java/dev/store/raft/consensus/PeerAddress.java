package dev.store.raft.consensus;

import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * Who a member is and where it is reached.
 *
 * @param name unique name of the member, 1 to 63 characters of a-z, 0-9 and '-'
 * @param raftEndpoint host:port for the other members
 * @param clientEndpoint host:port for clients and for calls between members
 */
public record PeerAddress(String name, String raftEndpoint, String clientEndpoint) {
    public PeerAddress {
        Objects.requireNonNull(name, "name");
        if (!name.matches("[a-z0-9][a-z0-9-]{0,62}")) {
            throw new IllegalArgumentException("member name: \"" + name
                    + "\" (expected: 1 to 63 characters of a-z, 0-9 and '-', not starting with '-')");
        }
        requireEndpoint("raft endpoint", raftEndpoint);
        requireEndpoint("client endpoint", clientEndpoint);
    }

    /** The address that a well-formed endpoint names; its host is looked up. */
    static InetSocketAddress socket(String endpoint) {
        int colon = endpoint.lastIndexOf(':');
        return new InetSocketAddress(endpoint.substring(0, colon), Integer.parseInt(endpoint.substring(colon + 1)));
    }

    static void requireEndpoint(String what, String endpoint) {
        int colon = endpoint.lastIndexOf(':');
        if (colon <= 0 || !endpoint.substring(colon + 1).matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException(what + ": \"" + endpoint + "\" (expected: host:port)");
        }
    }
}
