package dev.store.server.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.v1.ConfigChangeKind;
import dev.store.api.v1.ConfigEntry;
import dev.store.api.v1.ConfigGrayRule;
import dev.store.raft.v1.ConfigGrayRecord;
import dev.store.raft.v1.ConfigRecord;
import dev.store.server.configuration.DeliveryPlan.Occasion;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeliveryPlanTest {
    private static final EntryName ENTRY = new EntryName("default", "g", "n");
    private static final Instance CHOSEN = new Instance("chosen", null, Map.of());
    private static final Instance OTHER = new Instance("other", null, Map.of());

    private static EntryVersion version(long number) {
        return new EntryVersion(ConfigEntry.newBuilder().setVersion(number).build(), true);
    }

    private static EntryState state(long newest, long gray, long firstKept) {
        ConfigGrayRule rule = ConfigGrayRule.newBuilder().addInstances("chosen").build();
        return new EntryState(
                ENTRY,
                ConfigRecord.newBuilder()
                        .setLastVersion(Math.max(newest, gray))
                        .setNewestVersion(newest)
                        .setGrayVersion(gray)
                        .setFirstKept(firstKept)
                        .build(),
                1,
                newest == 0 ? null : version(newest),
                gray == 0 ? null : version(gray),
                gray == 0
                        ? null
                        : ConfigGrayRecord.newBuilder().setVersion(gray).build(),
                gray == 0 ? 0 : 1,
                gray == 0 ? null : new GrayRule(ENTRY, rule),
                1);
    }

    private static String plan(EntryState state, Instance instance, @Nullable Long known, Occasion occasion) {
        DeliveryPlan plan = DeliveryPlan.of(state, instance, known, occasion);
        ConfigChangeKind kind = plan.kind();
        if (kind == null) {
            return "nothing";
        }
        String history = plan.from() == 0 ? "" : plan.from() + ".." + plan.to() + " then ";
        return history + plan.number() + " " + kind.name().substring("CONFIG_CHANGE_KIND_".length());
    }

    @Test
    void whoKnowsNothingGetsWhatIsMeantForIt() {
        assertThat(plan(state(3, 0, 1), OTHER, null, Occasion.BEGIN)).isEqualTo("3 PRESENT");
        assertThat(plan(state(3, 4, 1), CHOSEN, null, Occasion.BEGIN)).isEqualTo("4 PRESENT");
        assertThat(plan(state(0, 1, 1), OTHER, null, Occasion.BEGIN)).isEqualTo("nothing");
        assertThat(plan(state(3, 0, 1), OTHER, null, Occasion.CHANGED)).isEqualTo("3 NEXT");
    }

    @Test
    void whoComesBackGetsWhatFollowedInOrder() {
        assertThat(plan(state(5, 0, 1), OTHER, 5L, Occasion.BEGIN)).isEqualTo("nothing");
        assertThat(plan(state(5, 0, 1), OTHER, 4L, Occasion.BEGIN)).isEqualTo("5 NEXT");
        assertThat(plan(state(5, 0, 1), OTHER, 2L, Occasion.BEGIN)).isEqualTo("3..4 then 5 NEXT");
        assertThat(plan(state(5, 0, 3), OTHER, 2L, Occasion.BEGIN)).isEqualTo("3..4 then 5 NEXT");
        assertThat(plan(state(5, 0, 4), OTHER, 2L, Occasion.BEGIN)).isEqualTo("5 GAP");
        assertThat(plan(state(5, 8, 1), CHOSEN, 3L, Occasion.BEGIN)).isEqualTo("4..5 then 8 NEXT");
        assertThat(plan(state(5, 8, 1), OTHER, 3L, Occasion.BEGIN)).isEqualTo("4..4 then 5 NEXT");
    }

    @Test
    void whatIsOlderThanWhatWasSentIsSaidToBeSo() {
        assertThat(plan(state(3, 0, 1), CHOSEN, 4L, Occasion.CHANGED)).isEqualTo("3 REVERTED");
        assertThat(plan(state(3, 0, 1), CHOSEN, 4L, Occasion.BEGIN)).isEqualTo("3 REVERTED");
        assertThat(plan(state(0, 0, 1), CHOSEN, 1L, Occasion.CHANGED)).isEqualTo("0 REVERTED");
    }

    @Test
    void promotionIsNothingNewToWhomItWasReleasedBefore() {
        assertThat(plan(state(4, 0, 1), CHOSEN, 4L, Occasion.CHANGED)).isEqualTo("nothing");
        assertThat(plan(state(4, 0, 1), OTHER, 3L, Occasion.CHANGED)).isEqualTo("4 NEXT");
    }

    @Test
    void whoLaggedGetsThePresentStateOnce() {
        assertThat(plan(state(9, 0, 1), OTHER, 3L, Occasion.LAGGED)).isEqualTo("9 LAGGED");
        assertThat(plan(state(9, 0, 1), OTHER, 9L, Occasion.LAGGED)).isEqualTo("nothing");
        assertThat(plan(state(9, 0, 1), OTHER, null, Occasion.LAGGED)).isEqualTo("9 LAGGED");
    }
}
