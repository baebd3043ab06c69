package dev.store.cli.command;

import dev.store.api.v1.LockGuard;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code --require-lock NAME:TOKEN}. */
final class RequiredLocks {
    private RequiredLocks() {}

    static List<LockGuard> parse(List<String> options) {
        List<LockGuard> guards = new ArrayList<>();
        for (String option : options) {
            // Names may hold colons; tokens do not.
            int colon = option.lastIndexOf(':');
            String token = option.substring(colon + 1);
            if (colon < 1 || !FastNumbers.isLong(token)) {
                throw new IllegalArgumentException(
                        "--require-lock: \"" + option + "\" (expected: NAME:TOKEN, as in jobs/nightly:42)");
            }
            guards.add(LockGuard.newBuilder()
                    .setName(option.substring(0, colon))
                    .setToken(Long.parseLong(token))
                    .build());
        }
        return guards;
    }
}
