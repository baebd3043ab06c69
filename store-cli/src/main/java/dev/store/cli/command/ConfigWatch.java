package dev.store.cli.command;

import dev.store.api.client.StoreClient;
import dev.store.api.configuration.ConfigChange;
import dev.store.api.configuration.ConfigListener;
import dev.store.api.configuration.ConfigPlan;
import dev.store.api.configuration.ConfigSubscriber;
import dev.store.api.configuration.ConfigVersion;
import dev.store.api.configuration.Identity;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.cli.ExitCode;
import dev.store.cli.print.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "watch",
        header = "Print the present version of entries, then every version as it comes.",
        description = {
            "Until ^C (exit code 130), also when members fail meanwhile. With -o json each version is one document on",
            "one line. With --as the versions are those meant for that instance, and receipts are given in its name."
        },
        footer = {
            "",
            "Examples:",
            "  store config watch pay/limits.yaml",
            "  store config watch --group pay -o json | while read -r version; do …; done",
            "  store config watch pay/limits.yaml --as i-1 --as-label zone=b",
            "  store config watch pay/limits.yaml --limit 2          the present version and the next one"
        })
final class ConfigWatch extends StreamCommand {
    @Parameters(index = "0..*", arity = "0..*", paramLabel = "ENTRY", description = "GROUP/NAME. Default: all.")
    List<String> entries = new ArrayList<>();

    @Option(
            names = "--group",
            paramLabel = "GROUP",
            order = 1,
            description = "All entries of this group; may be repeated.")
    List<String> groups = new ArrayList<>();

    @Option(names = "--limit", paramLabel = "N", order = 2, description = "End after N versions, with exit code 0.")
    long limit;

    @Mixin
    final ConfigIdentity identity = new ConfigIdentity();

    ConfigWatch(Context context) {
        super(context);
    }

    @Override
    int run(StoreClient client) throws IOException {
        Printer printer = new Printer();
        try (ConfigSubscriber subscriber = plan(client).start(printer)) {
            printer.awaitBegun(subscriber);
            printer.done.join();
            return ExitCode.OK;
        } catch (CompletionException e) {
            if (e.getCause() instanceof UncheckedIOException output) {
                throw output.getCause();
            }
            if (e.getCause() instanceof StoreException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private ConfigPlan plan(StoreClient client) {
        ConfigPlan plan = client.config().follow();
        for (String entry : entries) {
            ConfigText.key(entry);
            plan = plan.entry(entry);
        }
        for (String group : groups) {
            plan = plan.group(group);
        }
        Identity who = Identity.of(identity.id == null ? "" : identity.id);
        for (Map.Entry<String, String> label : identity.labels.entrySet()) {
            who = who.label(label.getKey(), label.getValue());
        }
        return plan.as(identity.address == null ? who : who.address(identity.address));
    }

    /** Prints versions; the connection's troubles go to standard error. */
    private final class Printer implements ConfigListener {
        final CompletableFuture<Boolean> done = new CompletableFuture<>();
        private volatile @Nullable StoreException interruption;
        private long printed;

        void awaitBegun(ConfigSubscriber subscriber) {
            try {
                CompletableFuture.anyOf(subscriber.begun(), done)
                        .orTimeout(cluster.timeoutMillis(), java.util.concurrent.TimeUnit.MILLISECONDS)
                        .join();
            } catch (CompletionException e) {
                if (!(e.getCause() instanceof java.util.concurrent.TimeoutException)) {
                    throw e;
                }
                StoreException cause = interruption;
                throw cause != null
                        ? new StoreException(ErrorCode.UNREACHABLE, String.valueOf(cause.getMessage()))
                        : new StoreException(
                                ErrorCode.DEADLINE_EXCEEDED,
                                "no member began the subscription within " + cluster.timeoutMillis() + " ms");
            }
        }

        @Override
        public void onChange(ConfigChange change) {
            if (done.isDone()) {
                return;
            }
            try {
                context.print(cluster.json() ? document(change) + "\n" : text(change));
                context.out().flush();
            } catch (IOException e) {
                done.completeExceptionally(new UncheckedIOException(e));
                return;
            }
            if (limit > 0 && ++printed >= limit) {
                done.complete(true);
            }
        }

        @Override
        public void onInterrupted(StoreException cause) {
            interruption = cause;
            context.err().println("store: interrupted: " + cause.getMessage());
        }

        @Override
        public void onClosed(@Nullable StoreException cause) {
            if (cause != null) {
                done.completeExceptionally(cause);
            }
        }
    }

    private String text(ConfigChange change) {
        ConfigVersion version = change.version();
        String head = version.name() + " version " + version.number() + " "
                + change.kind().name().toLowerCase(Locale.ROOT)
                + (version.gray() ? " gray" : "");
        if (version.deleted()) {
            return head + " deleted\n";
        }
        String text = ConfigText.safe(context, version.text());
        return head + "\n" + text + (text.endsWith("\n") || text.isEmpty() ? "" : "\n");
    }

    private static String document(ConfigChange change) {
        ConfigVersion version = change.version();
        return new Json()
                .object()
                .field("group", version.name().group())
                .field("name", version.name().name())
                .field("version", version.number())
                .field("kind", change.kind().name().toLowerCase(Locale.ROOT))
                .field("gray", version.gray())
                .field("deleted", version.deleted())
                .field("type", version.format().name().toLowerCase(Locale.ROOT))
                .field("content", version.text())
                .field("author", version.author())
                .field("comment", version.comment())
                .field("published_at_ms", version.publishedAt().toEpochMilli())
                .field("revision", version.revision())
                .endObject()
                .take();
    }
}
