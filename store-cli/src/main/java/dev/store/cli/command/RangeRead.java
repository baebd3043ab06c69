package dev.store.cli.command;

import dev.store.api.Limits;
import dev.store.api.v1.KeySelector;
import dev.store.api.v1.Range;
import dev.store.api.v1.RangeRequest;
import dev.store.api.v1.RangeResult;
import dev.store.api.v1.ReadOptions;
import dev.store.cli.ExitCode;
import dev.store.cli.call.Calls;
import dev.store.cli.call.Methods;
import java.io.IOException;

/** Reads keys page by page, all at the revision of the first page. */
final class RangeRead {
    private final Calls calls;
    private final String namespace;
    private final ReadOptions read;
    private final RangeFlags flags;

    RangeRead(Calls calls, String namespace, ReadOptions read, RangeFlags flags) {
        this.calls = calls;
        this.namespace = namespace;
        this.read = read;
        this.flags = flags;
    }

    int print(KeySelector keys, RangePrinter printer) throws IOException {
        if (flags.limit < 0) {
            throw new IllegalArgumentException("--limit: " + flags.limit + " (expected: 0 for all, or more)");
        }
        Range.Builder range = flags.toRange().setKeys(keys).setMaxBytes(Limits.PAGE_BYTES);
        long left = flags.limit == 0 ? Long.MAX_VALUE : flags.limit;
        long printed = 0;
        boolean begun = false;
        while (true) {
            // A continuation wants the request as it was, so the limit of a page never changes; the last page is cut.
            RangeResult page = page(range.setLimit(Math.min(flags.limit, Limits.PAGE_ENTRIES)));
            if (!begun) {
                begun = true;
                printer.begin(page.getRevision());
                if (flags.countOnly) {
                    return printer.count(page.getCount());
                }
            }
            int wanted = (int) Math.min(left - printed, page.getEntriesCount());
            printed += wanted;
            printer.entries(page.getEntriesList().subList(0, wanted));
            boolean more = page.getMore() || wanted < page.getEntriesCount();
            if (!more || printed >= left || page.getContinuation().isEmpty()) {
                printer.end(printed, more);
                return ExitCode.OK;
            }
            range.setContinuation(page.getContinuation());
        }
    }

    private RangeResult page(Range.Builder range) {
        return calls.unary(
                        Methods.range(),
                        RangeRequest.newBuilder()
                                .setNamespace(namespace)
                                .setRead(read)
                                .setRange(range)
                                .build())
                .getResult();
    }
}
