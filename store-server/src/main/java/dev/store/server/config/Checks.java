package dev.store.server.config;

import dev.store.api.Limits;
import java.time.Duration;
import java.util.regex.Pattern;

/** Bounds that several parts of the configuration share. */
final class Checks {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0," + (Limits.NAME_CHARACTERS - 1) + "}");

    private Checks() {}

    static void name(Problems problems, String key, String name) {
        problems.check(
                NAME.matcher(name).matches(),
                key,
                "\"" + name + "\"",
                "1 to " + Limits.NAME_CHARACTERS + " characters of a-z, 0-9 and '-', starting with a letter or digit");
    }

    static void between(Problems problems, String key, Duration value, Duration least, Duration most) {
        boolean inside = value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
        problems.check(inside, key, Kind.text(value), Kind.text(least) + " to " + Kind.text(most));
    }

    static void between(Problems problems, String key, long value, long least, long most) {
        problems.check(value >= least && value <= most, key, value, least + " to " + most);
    }

    static void reachable(Problems problems, String key, Endpoint advertise) {
        problems.check(
                !advertise.isWildcard(),
                key,
                advertise,
                "an address that others can connect to, as the listen address stands for all of this machine's");
    }
}
