package dev.store.cli.command;

import dev.store.api.client.Bytes;
import dev.store.api.client.StoreClient;
import dev.store.api.error.GrpcErrors;
import dev.store.api.locks.HeldLock;
import dev.store.api.locks.LockSpec;
import dev.store.cli.print.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that holds a lock while another command runs, or until ^C. */
abstract class HoldingCommand extends StreamCommand {
    /** How long giving back may take when this process is told to end. */
    private static final long GIVE_BACK_MILLIS = 2_000;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            order = 10,
            description = "Wait this long at most; 0 tries once. Exit code 1 if it is not granted. Default: 1d.")
    @Nullable
    String wait;

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            defaultValue = "10s",
            order = 11,
            description = "How long the lock outlives this process if it is killed. Default: ${DEFAULT-VALUE}.")
    String ttl = "10s";

    @Option(names = "--owner", paramLabel = "NAME", order = 12, description = "Who asks. Default: host, process.")
    @Nullable
    String owner;

    @Option(
            names = "--grace",
            paramLabel = "TIME",
            defaultValue = "5s",
            order = 13,
            description = "When the lock is lost: time between SIGTERM and SIGKILL. Default: ${DEFAULT-VALUE}.")
    String grace = "5s";

    HoldingCommand(Context context) {
        super(context);
    }

    /** Asks for the lock, then runs the command under it, or holds it. */
    final int hold(StoreClient client, LockSpec asked, @Nullable Bytes value, List<String> command) throws IOException {
        long graceMillis = Durations.parseMillis("--grace", grace);
        CompletableFuture<HeldLock> asking = client.locks().lock(refined(asked, value));
        Thread giveUp = new Thread(() -> asking.cancel(false), "give-up");
        Runtime.getRuntime().addShutdownHook(giveUp);
        HeldLock lock;
        try {
            lock = asking.join();
        } catch (CompletionException e) {
            throw GrpcErrors.fromGrpc(e);
        } finally {
            remove(giveUp);
        }
        if (command.isEmpty()) {
            print(lock);
            return holdUntilTold(lock);
        }
        return new GuardedProcess(context, lock, graceMillis).run(command);
    }

    private LockSpec refined(LockSpec asked, @Nullable Bytes value) {
        LockSpec spec = asked.ttl(Duration.ofMillis(Durations.parseMillis("--ttl", ttl)));
        if (wait != null) {
            spec = spec.atMost(Duration.ofMillis(Durations.parseMillis("--wait", wait)));
        }
        if (owner != null) {
            spec = spec.owner(owner);
        }
        return value == null ? spec : spec.value(value);
    }

    private void print(HeldLock lock) throws IOException {
        if (cluster.json()) {
            context.println(new Json()
                    .object()
                    .field("name", lock.name())
                    .field("owner", lock.owner())
                    .field("token", lock.token())
                    .id("lease_id", lock.leaseId())
                    .endObject()
                    .take());
        } else {
            context.println("held " + lock.name() + ", token " + lock.token());
        }
        context.out().flush();
    }

    private static int holdUntilTold(HeldLock lock) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> giveBack(lock), "give-back"));
        throw lock.lost().join();
    }

    static void giveBack(HeldLock lock) {
        try {
            lock.unlock()
                    .orTimeout(GIVE_BACK_MILLIS, java.util.concurrent.TimeUnit.MILLISECONDS)
                    .join();
        } catch (CompletionException e) {
            // It ends with its lease.
            return;
        }
    }

    static void remove(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending: the hook runs.
            return;
        }
    }
}
