package dev.store.cli.demo;

import dev.store.api.client.StoreClient;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Runs the tour in a namespace of its own, and tidies up before and after it. */
public final class Demo {
    /** Namespace of everything that the tour makes. */
    public static final String NAMESPACE = "demo";

    private static final List<String> NAMES = List.of("payments-1", "payments-2", "payments-3");

    private Demo() {}

    /**
     * Runs the tour against a running cluster.
     *
     * @param client a client of the cluster
     * @param out where it is told
     * @throws StoreException if the cluster does not answer, or not as the tour expects
     * @throws IOException if an instance cannot be started, or something is not as the tour expects
     */
    public static void run(StoreClient client, PrintWriter out) throws IOException {
        StoreClient store = client.namespace(NAMESPACE);
        try {
            tidy(store);
            try (Instances instances = new Instances(String.join(",", client.endpoints()), NAMESPACE)) {
                new Tour(store, instances, out).walk();
            }
            tidy(store);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the tour was interrupted", e);
        } catch (CompletionException e) {
            throw GrpcErrors.fromGrpc(e);
        } catch (StoreException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Removes what a tour leaves, also one that was broken off. */
    private static void tidy(StoreClient store) {
        for (String name : NAMES) {
            store.services()
                    .deregister(PaymentsProcess.SERVICE, "host-" + name, name)
                    .join();
        }
        unless(
                ErrorCode.GRAY_NOT_FOUND,
                ErrorCode.CONFIG_NOT_FOUND,
                store.config().abortGray(Tour.ENTRY));
        unless(
                ErrorCode.CONFIG_NOT_FOUND,
                ErrorCode.CONFIG_NOT_FOUND,
                store.config().delete(Tour.ENTRY));
        store.kv().delete("settled").join();
    }

    private static void unless(ErrorCode fine, ErrorCode alsoFine, CompletableFuture<?> call) {
        try {
            call.join();
        } catch (CompletionException e) {
            ErrorCode code = GrpcErrors.fromGrpc(e).code();
            if (code != fine && code != alsoFine) {
                throw e;
            }
        }
    }
}
