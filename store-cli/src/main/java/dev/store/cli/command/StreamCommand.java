package dev.store.cli.command;

import dev.store.api.client.StoreClient;
import dev.store.api.client.StoreClientBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/**
 * A command that goes on until it is told to end. It uses the Java client, which finds its way back to the cluster by
 * itself; that costs half a second at the start, once.
 */
abstract class StreamCommand implements Callable<Integer> {
    private static final Duration CLIENT_TIMEOUT_MAX = Duration.ofMinutes(5);

    final Context context;

    @Mixin
    final ClusterOptions cluster = new ClusterOptions();

    @Mixin
    final HelpOption help = new HelpOption();

    StreamCommand(Context context) {
        this.context = context;
    }

    @Override
    public final Integer call() {
        return Guard.run(context, cluster.json(), () -> {
            try (StoreClient client = connect()) {
                return run(client);
            }
        });
    }

    private StoreClient connect() {
        StoreClientBuilder builder = StoreClient.builder()
                .endpoints(cluster.endpointText(context.environment()))
                .inOrder()
                .timeout(min(Duration.ofMillis(cluster.timeoutMillis()), CLIENT_TIMEOUT_MAX));
        String namespace = cluster.namespace(context.environment());
        return namespace.isEmpty()
                ? builder.build()
                : builder.namespace(namespace).build();
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    /** Does what the command is for, and returns its exit code. */
    abstract int run(StoreClient client) throws IOException;
}
