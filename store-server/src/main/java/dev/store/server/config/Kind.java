package dev.store.server.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the text of a setting becomes a value.
 *
 * @param label what people are told to write
 * @param parser throws {@link IllegalArgumentException} whose message says what was expected
 * @param list whether a YAML sequence is allowed; it is joined with commas
 * @param flag whether the flag may stand without a value, for {@code true}
 */
record Kind<T>(String label, Function<String, T> parser, boolean list, boolean flag) {
    static final Kind<String> TEXT = scalar("text", Function.identity());
    static final Kind<Integer> NUMBER = scalar("number", Kind::number);
    static final Kind<Long> LONG_NUMBER = scalar("number", Kind::longNumber);
    static final Kind<Long> SIZE = scalar("size", Kind::size);
    static final Kind<Duration> DURATION = scalar("duration", Kind::duration);
    static final Kind<Endpoint> ENDPOINT = scalar("host:port", Endpoint::parse);
    static final Kind<Boolean> SWITCH = new Kind<>("true or false", Kind::truth, false, true);
    static final Kind<List<InitialMember>> MEMBERS = new Kind<>("list of members", Kind::members, true, false);

    static final Kind<List<AddressRange>> ADDRESS_RANGES = new Kind<>("list of ranges", Kind::ranges, true, false);

    private static final Pattern QUANTITY = Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,3})?) ?([A-Za-z]*)");
    private static final Map<String, Long> BYTES = Map.of(
            "", 1L,
            "b", 1L,
            "kib", 1L << 10,
            "mib", 1L << 20,
            "gib", 1L << 30,
            "tib", 1L << 40,
            "kb", 1_000L,
            "mb", 1_000_000L,
            "gb", 1_000_000_000L);
    private static final Map<String, Long> MILLIS =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

    private static <T> Kind<T> scalar(String label, Function<String, T> parser) {
        return new Kind<>(label, parser, false, false);
    }

    /** The written form of a duration, in the largest unit that needs no fraction. */
    static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis == 0) {
            return "0s";
        }
        for (String unit : List.of("d", "h", "m", "s")) {
            long size = MILLIS.getOrDefault(unit, 1L);
            if (millis % size == 0) {
                return millis / size + unit;
            }
        }
        return millis + "ms";
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("a whole number", e);
        }
    }

    private static long longNumber(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("a whole number", e);
        }
    }

    private static boolean truth(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("true or false");
        };
    }

    private static long size(String text) {
        return quantity(text, BYTES, "a size such as 64MiB, 512KiB or 4096");
    }

    private static Duration duration(String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        return Duration.ofMillis(quantity(text, MILLIS, "a duration such as 250ms, 5s, 10m, 24h or 7d"));
    }

    private static long quantity(String text, Map<String, Long> units, String expected) {
        Matcher parts = QUANTITY.matcher(text);
        Long unit = parts.matches() ? units.get(parts.group(2).toLowerCase(Locale.ROOT)) : null;
        if (unit == null) {
            throw new IllegalArgumentException(expected);
        }
        try {
            return new BigDecimal(parts.group(1))
                    .multiply(BigDecimal.valueOf(unit))
                    .longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(expected, e);
        }
    }

    private static List<AddressRange> ranges(String text) {
        List<AddressRange> ranges = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            if (!part.isBlank()) {
                ranges.add(AddressRange.parse(part.strip()));
            }
        }
        return ranges;
    }

    private static List<InitialMember> members(String text) {
        List<InitialMember> members = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            if (!part.isBlank()) {
                members.add(InitialMember.parse(part.strip()));
            }
        }
        return members;
    }
}
