package dev.store.cli.call;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a member listens for clients.
 *
 * @param host a name, an IPv4 address, or an IPv6 address without brackets
 * @param port 1 to 65535
 */
public record Endpoint(String host, int port) {
    /** Port of a member where an endpoint names none. */
    public static final int DEFAULT_PORT = 7400;

    private static final int PORT_MAX = 65_535;

    /** Most endpoints in one list. */
    private static final int ENDPOINTS_MAX = 100;

    /** Reads {@code host:port,host:port,…}; a missing port is {@value #DEFAULT_PORT}. */
    public static List<Endpoint> parseList(String text) {
        List<Endpoint> endpoints = new ArrayList<>();
        int start = 0;
        while (start <= text.length()) {
            int comma = text.indexOf(',', start);
            int end = comma < 0 ? text.length() : comma;
            String part = text.substring(start, end).strip();
            if (!part.isEmpty()) {
                endpoints.add(parse(part));
            }
            start = end + 1;
        }
        if (endpoints.isEmpty() || endpoints.size() > ENDPOINTS_MAX) {
            throw new IllegalArgumentException("endpoints: \"" + text + "\" names " + endpoints.size()
                    + " (expected: 1 to " + ENDPOINTS_MAX + ", as in 127.0.0.1:7400,127.0.0.1:7410)");
        }
        return endpoints;
    }

    /** Reads one {@code host}, {@code host:port} or {@code [IPv6]:port}. */
    public static Endpoint parse(String text) {
        int scheme = text.indexOf("://");
        if (scheme >= 0 && !text.startsWith("http://")) {
            throw bad(text, "a plain host:port; TLS is not supported yet");
        }
        String address = scheme >= 0 ? text.substring(scheme + 3) : text;
        if (address.startsWith("[")) {
            int close = address.indexOf(']');
            if (close < 0) {
                throw bad(text, "[IPv6]:port");
            }
            String rest = address.substring(close + 1);
            if (!rest.isEmpty() && rest.charAt(0) != ':') {
                throw bad(text, "[IPv6]:port");
            }
            return of(text, address.substring(1, close), rest.isEmpty() ? "" : rest.substring(1), rest.isEmpty());
        }
        int colon = address.lastIndexOf(':');
        if (colon >= 0 && address.indexOf(':') != colon) {
            throw bad(text, "an IPv6 address in brackets, as in [::1]:7400");
        }
        return of(
                text,
                colon < 0 ? address : address.substring(0, colon),
                colon < 0 ? "" : address.substring(colon + 1),
                colon < 0);
    }

    private static Endpoint of(String text, String host, String port, boolean noPort) {
        if (host.isEmpty() || host.indexOf('/') >= 0 || host.indexOf(' ') >= 0) {
            throw bad(text, "host:port");
        }
        if (noPort) {
            return new Endpoint(host, DEFAULT_PORT);
        }
        int number;
        try {
            number = Integer.parseInt(port);
        } catch (NumberFormatException e) {
            throw bad(text, "a port from 1 to " + PORT_MAX);
        }
        if (number < 1 || number > PORT_MAX) {
            throw bad(text, "a port from 1 to " + PORT_MAX);
        }
        return new Endpoint(host, number);
    }

    private static IllegalArgumentException bad(String text, String expected) {
        return new IllegalArgumentException("endpoint: \"" + text + "\" (expected: " + expected + ")");
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
