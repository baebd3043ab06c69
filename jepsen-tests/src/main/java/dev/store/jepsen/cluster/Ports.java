package dev.store.jepsen.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds free ports on loopback. They lie below the range from which the kernel takes ports of outgoing connections, so
 * that a node that was killed finds its port free again.
 */
public final class Ports {
    private static final int FIRST = 12_000;
    private static final int LAST = 31_999;
    private static final int TRIES = 1_000;
    private static final Set<Integer> TAKEN = new HashSet<>();

    private Ports() {}

    /** A port that nobody listens on now and that was not given out before. */
    public static synchronized int free() {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
            if (!TAKEN.contains(port) && isFree(port)) {
                TAKEN.add(port);
                return port;
            }
        }
        throw new RigException("no free port among " + FIRST + " to " + LAST + " in " + TRIES + " tries");
    }

    /** Whether a server could listen there. */
    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
