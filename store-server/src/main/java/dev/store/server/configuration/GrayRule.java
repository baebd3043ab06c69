package dev.store.server.configuration;

import dev.store.api.v1.ConfigGrayRule;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Decides which instances a gray release chooses: every part of the rule that is set must hold. */
final class GrayRule {
    private final Set<String> instances;
    private final Map<String, String> labels;
    private final List<AddressRange> ranges;
    private final int percent;
    private final String salt;

    /** The rule of a gray release of an entry; it was checked. */
    GrayRule(EntryName entry, ConfigGrayRule rule) {
        instances = new HashSet<>(rule.getInstancesList());
        labels = Map.copyOf(rule.getLabelsMap());
        ranges = rule.getCidrsList().stream().map(AddressRange::parse).toList();
        percent = rule.getPercent();
        // With the entry in it, so that it is not the same few instances that try out everything.
        salt = entry.namespace() + "/" + entry + "/";
    }

    boolean chooses(Instance instance) {
        return (instances.isEmpty() || instances.contains(instance.id()))
                && labels.entrySet().stream().allMatch(wanted -> wanted.getValue()
                        .equals(instance.labels().get(wanted.getKey())))
                && (ranges.isEmpty() || inRange(instance.address()))
                && (percent == 0 || withinPercent(instance.id()));
    }

    private boolean inRange(byte @org.jspecify.annotations.Nullable [] address) {
        return address != null && ranges.stream().anyMatch(range -> range.contains(address));
    }

    private boolean withinPercent(String id) {
        return !id.isEmpty() && bucket(salt + id) < percent;
    }

    /**
     * 0 to 99, the same for the same text for ever, also in later versions of this program: a hash that changed would move
     * running instances between versions. FNV-1a of 64 bits, mixed as MurmurHash3 ends.
     */
    static int bucket(String text) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        hash ^= hash >>> 33;
        return (int) Long.remainderUnsigned(hash, 100);
    }
}
