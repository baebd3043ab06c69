package dev.store.cli.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.store.api.client.StoreClient;
import dev.store.api.configuration.Identity;
import dev.store.api.configuration.LiveConfig;
import dev.store.api.discovery.RegisteredInstance;
import dev.store.api.discovery.Registration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * One instance of the service {@code payments}, as a process of its own: serves HTTP, keeps itself registered, and charges
 * the fee that the configuration meant for it says.
 */
public final class PaymentsProcess {
    static final String SERVICE = "payments";
    static final Duration TIME_TO_LIVE = Duration.ofSeconds(3);

    private PaymentsProcess() {}

    /**
     * Runs until the process is ended.
     *
     * @param arguments endpoints of the cluster, namespace, name of the instance, zone, configuration entry
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        String name = arguments[2];
        String zone = arguments[3];
        String entry = arguments[4];
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        try (StoreClient store = StoreClient.connect(arguments[0]).namespace(arguments[1]);
                LiveConfig config = store.config()
                        .follow()
                        .entry(entry)
                        .as(Identity.of(name).label("zone", zone))
                        .open()) {
            if (!config.await(Duration.ofSeconds(30))) {
                throw new IllegalStateException(
                        "configuration: " + entry + " did not come within 30 s (expected: a cluster that answers)");
            }
            http.createContext("/charge", exchange -> charge(exchange, name, config, entry));
            http.start();
            RegisteredInstance registered = store.services()
                    .register(Registration.of(SERVICE, "host-" + name, name)
                            .address("127.0.0.1")
                            .port("http", http.getAddress().getPort())
                            .zone(zone)
                            .ttl(TIME_TO_LIVE)
                            .deregisterAfter(Duration.ofSeconds(10)))
                    .join();
            System.out.println("ready " + name + " " + http.getAddress().getPort());
            // Ends with the demo, also if that is killed: its end of the pipe closes.
            while (System.in.read() >= 0) {
                // Nothing is said on it.
            }
            registered.close();
        } finally {
            http.stop(0);
        }
    }

    private static void charge(HttpExchange exchange, String name, LiveConfig config, String entry) throws IOException {
        String fee = config.values(entry).string("fee", "unknown");
        byte[] answer = (name + " charged a fee of " + fee).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }
}
