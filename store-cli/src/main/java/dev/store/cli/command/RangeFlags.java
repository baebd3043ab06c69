package dev.store.cli.command;

import dev.store.api.v1.Range;
import dev.store.api.v1.SortOrder;
import dev.store.api.v1.SortTarget;
import picocli.CommandLine.Option;

/** What of the keys is wanted, and in which order. */
final class RangeFlags implements FastOptions {
    @Option(
            names = "--rev",
            paramLabel = "REVISION",
            order = 3,
            description = "Read as it was at this revision; it must not be compacted.")
    long revision;

    @Option(names = "--limit", paramLabel = "N", order = 4, description = "Print at most N keys. Default: all.")
    long limit;

    @Option(names = "--keys-only", order = 5, description = "Leave the values out.")
    boolean keysOnly;

    @Option(names = "--count-only", order = 6, description = "Print only how many keys there are.")
    boolean countOnly;

    @Option(
            names = {"-l", "--long"},
            order = 7,
            description = "Also print revisions, version, lease and time.")
    boolean detailed;

    @Option(
            names = "--sort-by",
            paramLabel = "FIELD",
            defaultValue = "key",
            order = 8,
            description = "Sort by ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    SortField sortBy = SortField.key;

    @Option(
            names = "--order",
            paramLabel = "ORDER",
            defaultValue = "ascend",
            order = 9,
            description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    Direction order = Direction.ascend;

    @Option(
            names = "--min-mod-rev",
            paramLabel = "REVISION",
            order = 10,
            description = "Only keys changed at this revision or later.")
    long minModRevision;

    @Option(
            names = "--max-mod-rev",
            paramLabel = "REVISION",
            order = 11,
            description = "Only keys changed at this revision or earlier.")
    long maxModRevision;

    @Option(
            names = "--min-create-rev",
            paramLabel = "REVISION",
            order = 12,
            description = "Only keys created at this revision or later.")
    long minCreateRevision;

    @Option(
            names = "--max-create-rev",
            paramLabel = "REVISION",
            order = 13,
            description = "Only keys created at this revision or earlier.")
    long maxCreateRevision;

    /** What to sort by. The names are what users type. */
    enum SortField {
        key(SortTarget.SORT_TARGET_KEY),
        version(SortTarget.SORT_TARGET_VERSION),
        create(SortTarget.SORT_TARGET_CREATE_REVISION),
        mod(SortTarget.SORT_TARGET_MOD_REVISION),
        value(SortTarget.SORT_TARGET_VALUE);

        private final SortTarget target;

        SortField(SortTarget target) {
            this.target = target;
        }
    }

    /** Which way to sort. The names are what users type. */
    enum Direction {
        ascend,
        descend
    }

    /** Whether only a range can answer, though one key is meant. */
    boolean needsRange() {
        return keysOnly || countOnly || filters();
    }

    /** Whether the whole result must come in one answer, because another order than that of keys has no pages. */
    boolean sorted() {
        return sortBy != SortField.key;
    }

    private boolean filters() {
        return minModRevision != 0 || maxModRevision != 0 || minCreateRevision != 0 || maxCreateRevision != 0;
    }

    /** All but the keys, the limit and the continuation. */
    Range.Builder toRange() {
        return Range.newBuilder()
                .setRevision(revision)
                .setKeysOnly(keysOnly)
                .setCountOnly(countOnly)
                .setSortBy(sortBy.target)
                .setSortOrder(
                        order == Direction.descend ? SortOrder.SORT_ORDER_DESCENDING : SortOrder.SORT_ORDER_ASCENDING)
                .setMinModRevision(minModRevision)
                .setMaxModRevision(maxModRevision)
                .setMinCreateRevision(minCreateRevision)
                .setMaxCreateRevision(maxCreateRevision);
    }

    @Override
    public boolean flag(String option) {
        switch (option) {
            case "--keys-only" -> keysOnly = true;
            case "--count-only" -> countOnly = true;
            case "-l", "--long" -> detailed = true;
            default -> {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean value(String option, String value) {
        if (!FastNumbers.isLong(value)) {
            return false;
        }
        switch (option) {
            case "--rev" -> revision = Long.parseLong(value);
            case "--limit" -> limit = Long.parseLong(value);
            default -> {
                return false;
            }
        }
        return true;
    }
}
