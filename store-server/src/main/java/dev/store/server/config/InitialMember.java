package dev.store.server.config;

import java.util.regex.Pattern;

/**
 * A member of a new cluster, written {@code name=raftHost:port/clientHost:port}.
 *
 * @param name its node name
 * @param raft where other members reach it
 * @param client where clients reach it
 */
public record InitialMember(String name, Endpoint raft, Endpoint client) {
    private static final Pattern FORM = Pattern.compile("([^=/]+)=([^=/]+)/([^=/]+)");

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException whose message says what was expected
     */
    public static InitialMember parse(String text) {
        var parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("name=raftHost:port/clientHost:port");
        }
        return new InitialMember(
                parts.group(1).strip(),
                Endpoint.parse(parts.group(2).strip()),
                Endpoint.parse(parts.group(3).strip()));
    }

    @Override
    public String toString() {
        return name + "=" + raft + "/" + client;
    }
}
