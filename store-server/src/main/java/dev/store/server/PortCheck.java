package dev.store.server;

import dev.store.server.config.Endpoint;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/**
 * Finds out before anything starts whether an address can be listened on, because the libraries that open it later say
 * less, and one of them ends the process by itself.
 */
final class PortCheck {
    private PortCheck() {}

    /**
     * Checks an address.
     *
     * @param key the setting that names it
     * @throws StartFailure if it cannot be listened on
     */
    static void check(String key, Endpoint endpoint) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(endpoint.host()), endpoint.port()));
        } catch (UnknownHostException e) {
            throw failure(key, endpoint, "the host is not known (expected: an address of this machine)", e);
        } catch (BindException e) {
            String reason = String.valueOf(e.getMessage()).contains("in use")
                    ? "the port is in use" + PortOwner.describe(endpoint.port())
                            + " (expected: a free one; stop that process or set " + key + ")"
                    : e.getMessage() + " (expected: an address of this machine)";
            throw failure(key, endpoint, reason, e);
        } catch (IOException e) {
            throw failure(key, endpoint, e.toString(), e);
        }
    }

    private static StartFailure failure(String key, Endpoint endpoint, String reason, IOException cause) {
        return new StartFailure(ExitCode.ADDRESS_UNAVAILABLE, key + ": " + endpoint + ": " + reason, cause);
    }
}
