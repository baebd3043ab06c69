package dev.store.cli.local;

import dev.store.cli.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Tells before a node is started what would keep it from its ports. */
final class PortCheck {
    private PortCheck() {}

    static void requireFree(LocalNode node) {
        require(node, node.clientPort(), "for clients");
        require(node, node.clientPort() + 1, "for other members");
    }

    private static void require(LocalNode node, int port, String what) {
        // With SO_REUSEADDR, as the node itself: connections of a node just killed do not count.
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            String owner = PortOwner.describe(port);
            throw new LocalFailure(
                    "PORT_IN_USE",
                    "port " + port + ", which " + node.name() + " needs " + what + ", is in use"
                            + (owner.isEmpty() ? "" : " by " + owner),
                    "Stop what uses it, or start the cluster on other ports with --base-port.",
                    ExitCode.CONFLICT);
        }
    }
}
