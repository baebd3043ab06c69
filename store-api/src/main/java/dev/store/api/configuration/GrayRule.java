package dev.store.api.configuration;

import dev.store.api.v1.ConfigGrayRule;
import java.util.List;

/** Chooses the instances of a gray release: all that is said must hold. Immutable: each method gives another one. */
public final class GrayRule {
    private final ConfigGrayRule rule;

    private GrayRule(ConfigGrayRule rule) {
        this.rule = rule;
    }

    /** Instances with one of these ids. */
    public static GrayRule instances(String... ids) {
        return new GrayRule(
                ConfigGrayRule.newBuilder().addAllInstances(List.of(ids)).build());
    }

    /** A share of the instances, 1 to 100. */
    public static GrayRule percent(int percent) {
        return new GrayRule(ConfigGrayRule.newBuilder().setPercent(percent).build());
    }

    /** Instances with a label. */
    public static GrayRule label(String name, String value) {
        return new GrayRule(ConfigGrayRule.newBuilder().putLabels(name, value).build());
    }

    /** Instances in one of these address ranges, such as {@code 10.1.0.0/16}. */
    public static GrayRule addresses(String... cidrs) {
        return new GrayRule(
                ConfigGrayRule.newBuilder().addAllCidrs(List.of(cidrs)).build());
    }

    /** Only those that another rule chooses too. */
    public GrayRule and(GrayRule other) {
        return new GrayRule(rule.toBuilder().mergeFrom(other.rule).build());
    }

    ConfigGrayRule toProto() {
        return rule;
    }
}
