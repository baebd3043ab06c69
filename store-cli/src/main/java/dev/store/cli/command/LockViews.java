package dev.store.cli.command;

import dev.store.api.v1.DescribeLockRequest;
import dev.store.api.v1.DescribeLockResponse;
import dev.store.api.v1.ListLocksRequest;
import dev.store.api.v1.ListLocksResponse;
import dev.store.api.v1.LockHolder;
import dev.store.api.v1.LockMode;
import dev.store.api.v1.LockSummary;
import dev.store.api.v1.LockWaiter;
import dev.store.cli.ExitCode;
import dev.store.cli.call.Calls;
import dev.store.cli.call.Methods;
import dev.store.cli.print.Json;
import dev.store.cli.print.Table;
import java.io.IOException;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code store lock list} and {@code store lock show}: who holds, who waits, since when. */
final class LockViews {
    private LockViews() {}

    @Command(name = "list", header = "List the locks and semaphores that are held.")
    static final class ListAll extends ClusterCommand {
        @Parameters(index = "0", arity = "0..1", paramLabel = "PREFIX", description = "Only names that start so.")
        String prefix = "";

        @Mixin
        final ReadFlags read = new ReadFlags();

        ListAll(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            Table table = new Table(0, "LOCK", "HOLDERS", "WAITERS", "PERMITS", "FIRST HOLDER", "TOKEN");
            Json document = new Json().object().array("locks");
            String after = "";
            boolean more = true;
            while (more) {
                ListLocksResponse page = calls.unary(
                        Methods.listLocks(),
                        ListLocksRequest.newBuilder()
                                .setNamespace(namespace())
                                .setPrefix(prefix)
                                .setAfter(after)
                                .setRead(read.options())
                                .build());
                for (LockSummary lock : page.getLocksList()) {
                    after = lock.getName();
                    table.row(
                            lock.getName(),
                            Integer.toString(lock.getHolderCount()),
                            Integer.toString(lock.getWaiterCount()),
                            lock.getPermits() == 0 ? "-" : Integer.toString(lock.getPermits()),
                            lock.getHolder().getOwner(),
                            Long.toString(lock.getHolder().getToken()));
                    document.object()
                            .field("name", lock.getName())
                            .field("holders", lock.getHolderCount())
                            .field("waiters", lock.getWaiterCount())
                            .field("permits", lock.getPermits())
                            .field("owner", lock.getHolder().getOwner())
                            .field("token", lock.getHolder().getToken())
                            .endObject();
                }
                more = page.getMore();
            }
            if (json()) {
                context.println(document.endArray().endObject().take());
            } else if (table.isEmpty()) {
                context.err().println("store: no locks");
            } else {
                context.print(table.render(
                        context.terminal().out() ? context.terminal().columns() : 0, true));
            }
            return ExitCode.OK;
        }
    }

    @Command(name = "show", header = "Show who holds a lock and who waits for it, in order.")
    static final class Show extends ClusterCommand {
        @Parameters(index = "0", paramLabel = "NAME", description = "The lock, semaphore or election.")
        String name = "";

        @Mixin
        final ReadFlags read = new ReadFlags();

        Show(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            DescribeLockResponse response = calls.unary(
                    Methods.describeLock(),
                    DescribeLockRequest.newBuilder()
                            .setNamespace(namespace())
                            .setName(name)
                            .setRead(read.options())
                            .build());
            if (json()) {
                context.println(document(response));
            } else {
                text(response);
            }
            return response.getHolderCount() == 0 ? ExitCode.NO : ExitCode.OK;
        }

        private void text(DescribeLockResponse response) throws IOException {
            if (response.getHolderCount() == 0) {
                context.err().println("store: nobody holds " + name);
                return;
            }
            Table table = new Table(1, "STATE", "OWNER", "MODE", "SINCE", "LEASE", "TOKEN");
            for (LockHolder holder : response.getHoldersList()) {
                table.row(
                        "holds",
                        holder.getOwner(),
                        mode(holder.getMode()),
                        Instant.ofEpochMilli(holder.getSinceMs()).toString(),
                        Long.toString(holder.getLeaseId()),
                        Long.toString(holder.getToken()));
            }
            for (LockWaiter waiter : response.getWaitersList()) {
                table.row(
                        "waits",
                        waiter.getOwner(),
                        mode(waiter.getMode()),
                        Instant.ofEpochMilli(waiter.getSinceMs()).toString(),
                        Long.toString(waiter.getLeaseId()),
                        "-");
            }
            context.print(
                    table.render(context.terminal().out() ? context.terminal().columns() : 0, true));
        }

        private String document(DescribeLockResponse response) {
            Json document = new Json()
                    .object()
                    .field("name", name)
                    .field("revision", response.getHeader().getRevision())
                    .field("permits", response.getPermits())
                    .array("holders");
            for (LockHolder holder : response.getHoldersList()) {
                document.object()
                        .field("owner", holder.getOwner())
                        .field("mode", mode(holder.getMode()))
                        .field("token", holder.getToken())
                        .id("lease_id", holder.getLeaseId())
                        .field("since_ms", holder.getSinceMs())
                        .bytes("value", holder.getValue())
                        .endObject();
            }
            document.endArray().array("waiters");
            for (LockWaiter waiter : response.getWaitersList()) {
                document.object()
                        .field("owner", waiter.getOwner())
                        .field("mode", mode(waiter.getMode()))
                        .id("lease_id", waiter.getLeaseId())
                        .field("since_ms", waiter.getSinceMs())
                        .endObject();
            }
            return document.endArray().endObject().take();
        }

        private static String mode(LockMode mode) {
            return switch (mode) {
                case LOCK_MODE_EXCLUSIVE -> "exclusive";
                case LOCK_MODE_SHARED -> "shared";
                case LOCK_MODE_PERMIT -> "permit";
                case UNRECOGNIZED -> "?";
            };
        }
    }
}
