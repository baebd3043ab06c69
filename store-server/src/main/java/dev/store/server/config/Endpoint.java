package dev.store.server.config;

import java.util.Locale;

/**
 * A host and a TCP port.
 *
 * @param host name, IPv4 address, or IPv6 address without brackets
 * @param port 0 to 65535; 0 lets the system choose, for tests
 */
public record Endpoint(String host, int port) {
    public Endpoint {
        if (host.isEmpty() || host.chars().anyMatch(c -> c <= ' ' || c == '/' || c == '=' || c == ',')) {
            throw new IllegalArgumentException("a host name or address before the port");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("a port from 0 to 65535");
        }
    }

    /**
     * Reads {@code host:port} or {@code [v6]:port}.
     *
     * @throws IllegalArgumentException whose message says what was expected
     */
    public static Endpoint parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("host:port");
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException("host:port, an IPv6 address in brackets");
        }
        try {
            return new Endpoint(host.toLowerCase(Locale.ROOT), Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("host:port with a port from 0 to 65535", e);
        }
    }

    /** Whether the host stands for all addresses of the machine, which nobody else can connect to. */
    public boolean isWildcard() {
        return host.equals("0.0.0.0") || host.equals("::") || host.equals("0:0:0:0:0:0:0:0");
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
