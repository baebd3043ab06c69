package dev.store.server.configuration;

import dev.store.api.v1.ConfigInstance;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An instance for which a version is chosen.
 *
 * @param id its id, empty if it has none
 * @param address its IP address, null if not known
 * @param labels its labels
 */
@SuppressWarnings("ArrayRecordComponent") // Compared nowhere, never handed out.
record Instance(String id, byte @Nullable [] address, Map<String, String> labels) {
    /** An instance that nothing is known of: no gray release chooses it. */
    static final Instance NOBODY = new Instance("", null, Map.of());

    /** From what it says about itself, and where its connection comes from. */
    static Instance of(ConfigInstance said, String connectionAddress) {
        String literal = said.getAddress().isEmpty() ? connectionAddress : said.getAddress();
        return new Instance(
                said.getId(),
                literal.isEmpty() ? null : AddressRange.address("instance.address", literal),
                Map.copyOf(said.getLabelsMap()));
    }

    /** The IP address of a connection's far end; empty if it has none. */
    static String addressOf(@Nullable SocketAddress remote) {
        if (remote instanceof InetSocketAddress inet && inet.getAddress() != null) {
            InetAddress address = inet.getAddress();
            String literal = address.getHostAddress();
            int zone = literal.indexOf('%');
            return zone < 0 ? literal : literal.substring(0, zone);
        }
        return "";
    }
}
