package dev.store.cli.command;

import dev.store.api.client.StoreClient;
import dev.store.api.discovery.ServiceInstance;
import dev.store.api.discovery.ServiceListener;
import dev.store.api.discovery.ServiceWatch;
import dev.store.api.error.StoreException;
import dev.store.cli.ExitCode;
import dev.store.cli.print.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "watch",
        header = "Print the instances of a service, then every change as it happens.",
        description = {
            "Without SERVICE, all services of the namespace. Goes on when members fail, until ^C (exit code 130).",
            "Changes that follow quickly may be shown as one. With -o json each is one document on one line."
        },
        footer = {
            "",
            "Examples:",
            "  store service watch payments",
            "  store service watch                  all services with their instances",
            "  store service watch --names          which services there are"
        })
final class ServiceFollow extends StreamCommand {
    @Parameters(index = "0", arity = "0..1", paramLabel = "SERVICE", description = "The service. Default: all.")
    String service = "";

    @Option(names = "--names", order = 1, description = "Services only, without their instances.")
    boolean names;

    @Option(names = "--limit", paramLabel = "N", order = 2, description = "End after N lines, with exit code 0.")
    long limit;

    ServiceFollow(Context context) {
        super(context);
    }

    @Override
    int run(StoreClient client) throws IOException {
        if (names && !service.isEmpty()) {
            throw new IllegalArgumentException("--names and SERVICE (expected: one of them)");
        }
        Printer printer = new Printer();
        try (ServiceWatch watch = begin(client, printer)) {
            printer.ended.join();
            return ExitCode.OK;
        } catch (CompletionException e) {
            if (e.getCause() instanceof UncheckedIOException failure) {
                throw failure.getCause();
            }
            throw e;
        }
    }

    private ServiceWatch begin(StoreClient client, Printer printer) {
        if (names) {
            return client.services().watchNames(printer);
        }
        return service.isEmpty()
                ? client.services().watchAll(printer)
                : client.services().watch(service, printer);
    }

    private final class Printer implements ServiceListener {
        private final CompletableFuture<Void> ended = new CompletableFuture<>();
        private long lines;

        @Override
        public void onUpdate(Update update) {
            if (names) {
                line(update, update.state().known() ? "service" : "gone", null);
                return;
            }
            update.changed().forEach(instance -> line(update, "instance", instance));
            update.removed().forEach(instance -> line(update, "removed", instance));
        }

        @Override
        public void onComplete(long revision) {
            if (cluster.json()) {
                print(new Json()
                        .object()
                        .field("type", "complete")
                        .field("revision", revision)
                        .endObject()
                        .take());
            }
        }

        @Override
        public void onInterrupted(StoreException cause) {
            context.err().println("store: interrupted, goes on by itself: " + cause.getMessage());
            context.err().flush();
        }

        private void line(Update update, String type, @org.jspecify.annotations.Nullable ServiceInstance instance) {
            if (cluster.json()) {
                Json json = new Json()
                        .object()
                        .field("type", type)
                        .field("revision", update.state().revision())
                        .field("service", update.state().service())
                        .field("protected", update.state().isProtected());
                if (instance != null) {
                    json.field("node", instance.node())
                            .field("id", instance.id())
                            .field("address", instance.address())
                            .field("health", instance.health().name().toLowerCase(Locale.ROOT))
                            .field("draining", instance.draining());
                }
                print(json.endObject().take());
            } else if (instance == null) {
                print((type.equals("gone") ? "- " : "+ ") + update.state().service());
            } else {
                String mark = type.equals("removed") ? "- " : "+ ";
                String health = type.equals("removed")
                        ? ""
                        : "  " + instance.health().name().toLowerCase(Locale.ROOT)
                                + (instance.draining() ? ", draining" : "");
                print(mark + instance + health);
            }
            lines++;
            if (limit > 0 && lines >= limit) {
                ended.complete(null);
            }
        }

        private void print(String text) {
            if (ended.isDone()) {
                return;
            }
            try {
                context.println(text);
                context.out().flush();
            } catch (IOException e) {
                ended.completeExceptionally(new UncheckedIOException(e));
            }
        }
    }
}
