package dev.store.server.configuration;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.store.api.v1.ConfigEntry;
import dev.store.api.v1.ConfigMatch;
import dev.store.api.v1.ConfigSearchRequest;
import dev.store.api.v1.ConfigSearchResponse;
import dev.store.raft.v1.ConfigRecord;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A search through the newest contents, which ends at whichever bound it meets first and says where to go on. */
final class Search {
    private static final long MAX_BYTES = 64L << 20;
    private static final long MAX_NANOS = Duration.ofSeconds(2).toNanos();
    private static final int LINE_CHARACTERS = 256;

    private final ConfigSearchRequest request;
    private final int limit;
    private final Predicate<String> matches;
    private final LongSupplier nanoClock;

    /** Checks the request. */
    Search(ConfigSearchRequest request, LongSupplier nanoClock) {
        this.request = request;
        this.nanoClock = nanoClock;
        ConfigRequests.groupFilter(request.getGroup());
        limit = ConfigRequests.page(request.getLimit(), dev.store.api.Limits.CONFIG_PAGE_ENTRIES);
        if (request.getPattern().isEmpty()) {
            throw ConfigRequests.invalid("pattern", "", "1 or more characters");
        }
        ConfigRequests.text("pattern", request.getPattern());
        matches = predicate(request);
    }

    private static Predicate<String> predicate(ConfigSearchRequest request) {
        if (!request.getRegex()) {
            String wanted = request.getPattern();
            if (!request.getIgnoreCase()) {
                return line -> line.contains(wanted);
            }
            String lower = wanted.toLowerCase(Locale.ROOT);
            return line -> line.toLowerCase(Locale.ROOT).contains(lower);
        }
        try {
            Pattern pattern =
                    Pattern.compile(request.getPattern(), request.getIgnoreCase() ? Pattern.CASE_INSENSITIVE : 0);
            return line -> pattern.matcher(line).find();
        } catch (PatternSyntaxException e) {
            throw ConfigRequests.invalid(
                    "pattern", request.getPattern(), "an expression of RE2: " + e.getDescription());
        }
    }

    ConfigSearchResponse run(Stored stored, String namespace) {
        EntryName after = request.hasAfter() ? ConfigRequests.entry(namespace, request.getAfter()) : null;
        Progress progress = new Progress(stored);
        stored.entries(namespace, request.getGroup(), after, progress::look);
        return progress.answer.build();
    }

    private final class Progress {
        final ConfigSearchResponse.Builder answer = ConfigSearchResponse.newBuilder();
        private final Stored stored;
        private final long end = nanoClock.getAsLong() + MAX_NANOS;
        private long bytes;
        private @Nullable EntryName last;

        Progress(Stored stored) {
            this.stored = stored;
        }

        boolean look(EntryName name, ConfigRecord record) {
            boolean enough = answer.getMatchesCount() >= limit
                    || bytes > MAX_BYTES
                    || (last != null && nanoClock.getAsLong() - end > 0);
            if (enough) {
                answer.setMore(true);
                return false;
            }
            last = name;
            answer.setLast(name.toKey());
            if (!record.getDeleted() && record.getNewestVersion() > 0) {
                Optional<ConfigEntry> entry = stored.findVersion(name, record.getNewestVersion());
                entry.ifPresent(this::look);
            }
            return true;
        }

        private void look(ConfigEntry entry) {
            bytes += entry.getSizeBytes();
            int number = 0;
            for (String line : entry.getContent().toStringUtf8().split("\n", -1)) {
                number++;
                if (answer.getMatchesCount() < limit && matches.test(line)) {
                    answer.addMatches(ConfigMatch.newBuilder()
                            .setKey(entry.getKey())
                            .setVersion(entry.getVersion())
                            .setLine(number)
                            .setText(line.length() > LINE_CHARACTERS ? line.substring(0, LINE_CHARACTERS) : line));
                }
            }
        }
    }
}
