package dev.store.api.client;

import java.util.ArrayList;
import java.util.List;

/** Reads lists of {@code host:port}. */
final class Addresses {
    /** More would be a mistake: a group has a handful of members. */
    static final int MOST = 64;

    private Addresses() {}

    static List<String> parse(String list) {
        List<String> addresses = new ArrayList<>(3);
        int from = 0;
        while (from <= list.length()) {
            int comma = list.indexOf(',', from);
            int to = comma < 0 ? list.length() : comma;
            String address = list.substring(from, to).strip();
            if (!address.isEmpty()) {
                check(address);
                if (!addresses.contains(address)) {
                    addresses.add(address);
                }
            }
            from = to + 1;
        }
        if (addresses.isEmpty() || addresses.size() > MOST) {
            throw new IllegalArgumentException("endpoints: \"" + list + "\" (expected: 1 to " + MOST
                    + " of host:port, with commas between, such as 127.0.0.1:7400)");
        }
        return addresses;
    }

    private static void check(String address) {
        int colon = address.lastIndexOf(':');
        String host = colon < 0 ? address : address.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (colon <= 0 || host.indexOf('/') >= 0 || (!bracketed && host.indexOf(':') >= 0)) {
            throw new IllegalArgumentException(
                    "endpoint: " + address + " (expected: host:port, such as 127.0.0.1:7400 or [::1]:7400)");
        }
        int port = 0;
        for (int i = colon + 1; i < address.length(); i++) {
            int digit = address.charAt(i) - '0';
            port = digit < 0 || digit > 9 || port > 65535 ? 65536 : port * 10 + digit;
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException(
                    "port of endpoint " + address + ": " + address.substring(colon + 1) + " (expected: 1 to 65535)");
        }
    }
}
