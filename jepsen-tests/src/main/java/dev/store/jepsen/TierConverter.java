package dev.store.jepsen;

import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Takes the name of a tier in small letters. */
final class TierConverter implements ITypeConverter<Tier> {
    @Override
    public Tier convert(String word) {
        return Arrays.stream(Tier.values())
                .filter(tier -> tier.name().toLowerCase(Locale.ROOT).equals(word.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException(word + " (expected: quick, full or release)"));
    }
}
