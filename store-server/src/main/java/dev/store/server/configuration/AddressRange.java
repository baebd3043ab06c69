package dev.store.server.configuration;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A range of IP addresses, as in {@code 10.1.0.0/16}.
 *
 * @param network bytes of the first address
 * @param bits how many bits all addresses of the range share
 */
@SuppressWarnings("ArrayRecordComponent") // Compared nowhere, never handed out.
record AddressRange(byte[] network, int bits) {
    static AddressRange parse(String cidr) {
        int slash = cidr.indexOf('/');
        byte[] network = address("rule.cidrs", slash < 0 ? cidr : cidr.substring(0, slash));
        int bits = 8 * network.length;
        if (slash >= 0) {
            try {
                bits = Integer.parseInt(cidr, slash + 1, cidr.length(), 10);
            } catch (NumberFormatException e) {
                bits = -1;
            }
        }
        if (bits < 0 || bits > 8 * network.length) {
            throw ConfigRequests.invalid(
                    "rule.cidrs",
                    cidr,
                    "an address, '/' and 0 to " + 8 * network.length + " bits, such as 10.1.0.0/16");
        }
        return new AddressRange(network, bits);
    }

    /** The bytes of a literal address; names are not resolved. */
    static byte[] address(String field, String literal) {
        boolean possible = !literal.isEmpty() && literal.length() <= 45;
        boolean colon = literal.indexOf(':') >= 0;
        for (int i = 0; possible && i < literal.length(); i++) {
            char c = literal.charAt(i);
            possible = c == '.' || c == ':' || (c >= '0' && c <= '9') || (colon && Character.digit(c, 16) >= 0);
        }
        // Without colons four numbers are demanded, lest "10.1" be taken for 10.0.0.1.
        possible &= colon || literal.chars().filter(c -> c == '.').count() == 3;
        if (possible) {
            try {
                return InetAddress.getByName(literal).getAddress();
            } catch (UnknownHostException e) {
                // Said below.
            }
        }
        throw ConfigRequests.invalid(field, literal, "an IP address");
    }

    boolean contains(byte[] address) {
        if (address.length != network.length) {
            return false;
        }
        for (int i = 0; i < network.length && 8 * i < bits; i++) {
            int shared = Math.min(8, bits - 8 * i);
            int mask = 0xff << (8 - shared);
            if (((address[i] ^ network[i]) & mask & 0xff) != 0) {
                return false;
            }
        }
        return true;
    }
}
