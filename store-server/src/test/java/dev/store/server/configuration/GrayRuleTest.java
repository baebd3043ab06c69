package dev.store.server.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.v1.ConfigGrayRule;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GrayRuleTest {
    private static final EntryName ENTRY = new EntryName("default", "g", "n");

    private static boolean chooses(ConfigGrayRule.Builder rule, Instance instance) {
        return new GrayRule(ENTRY, rule.build()).chooses(instance);
    }

    private static Instance at(String address) {
        return new Instance("i", AddressRange.address("address", address), Map.of());
    }

    private static long chosen(EntryName entry, int percent) {
        GrayRule rule = new GrayRule(
                entry, ConfigGrayRule.newBuilder().setPercent(percent).build());
        return IntStream.range(0, 10_000)
                .filter(i -> rule.chooses(new Instance("instance-" + i, null, Map.of())))
                .count();
    }

    @Test
    void aShareIsChosenAboutAsLargeAsSaidAndAGreaterOneHoldsIt() {
        assertThat(chosen(ENTRY, 100)).isEqualTo(10_000);
        assertThat(chosen(ENTRY, 10)).isBetween(900L, 1_100L);
        GrayRule ten =
                new GrayRule(ENTRY, ConfigGrayRule.newBuilder().setPercent(10).build());
        GrayRule twenty =
                new GrayRule(ENTRY, ConfigGrayRule.newBuilder().setPercent(20).build());
        for (int i = 0; i < 1_000; i++) {
            Instance instance = new Instance("i" + i, null, Map.of());
            assertThat(!ten.chooses(instance) || twenty.chooses(instance)).isTrue();
        }
    }

    @Test
    void theHashStaysAsItIs() {
        // A later version of the program must choose the same instances. Computed by another implementation.
        assertThat(GrayRule.bucket("")).isEqualTo(42);
        assertThat(GrayRule.bucket("default/g/n/a")).isEqualTo(91);
        assertThat(GrayRule.bucket("default/g/n/instance-1")).isEqualTo(25);
    }

    @Test
    void addressesAreChosenByRange() {
        ConfigGrayRule.Builder rule =
                ConfigGrayRule.newBuilder().addCidrs("10.1.0.0/16").addCidrs("fd00::/8");

        assertThat(chooses(rule, at("10.1.255.1"))).isTrue();
        assertThat(chooses(rule, at("10.2.0.1"))).isFalse();
        assertThat(chooses(rule, at("fd12::1"))).isTrue();
        assertThat(chooses(rule, at("fe80::1"))).isFalse();
        assertThat(chooses(rule, Instance.NOBODY)).isFalse();
        assertThat(chooses(ConfigGrayRule.newBuilder().addCidrs("10.1.2.3"), at("10.1.2.3")))
                .isTrue();
        assertThat(chooses(ConfigGrayRule.newBuilder().addCidrs("10.1.2.3/31"), at("10.1.2.2")))
                .isTrue();
        assertThat(chooses(ConfigGrayRule.newBuilder().addCidrs("0.0.0.0/0"), at("10.1.2.2")))
                .isTrue();
    }

    @Test
    void allPartsMustHold() {
        ConfigGrayRule.Builder rule =
                ConfigGrayRule.newBuilder().addInstances("a").addInstances("b").putLabels("zone", "1");

        assertThat(chooses(rule, new Instance("a", null, Map.of("zone", "1", "x", "y"))))
                .isTrue();
        assertThat(chooses(rule, new Instance("a", null, Map.of("zone", "2")))).isFalse();
        assertThat(chooses(rule, new Instance("c", null, Map.of("zone", "1")))).isFalse();
    }

    @Test
    void whoHasNoIdIsNeverChosenByAShare() {
        assertThat(chooses(ConfigGrayRule.newBuilder().setPercent(100), Instance.NOBODY))
                .isFalse();
    }
}
