package dev.store.jepsen.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.ByteString;
import dev.store.api.v1.KeySelector;
import dev.store.api.v1.RangeRequest;
import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Cluster;
import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.cluster.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Patroni, unchanged, keeps a real PostgreSQL's leader key in Store while leaders of Store are killed. */
@Timeout(600)
class PatroniIT {
    private static final Duration CALL = Duration.ofSeconds(5);

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(CALL).build();
    private final int rest = Ports.free();

    @TempDir
    Path folder;

    @Test
    void thePrimaryKeepsItsLeaderKeyWhileLeadersOfStoreAreKilled() throws Exception {
        Optional<Path> patroni = ForeignCommand.find("patroni").findFirst();
        Optional<Path> postgres = postgresPrograms();
        assumeTrue(patroni.isPresent(), "patroni is not on the PATH (expected: the package patroni)");
        assumeTrue(postgres.isPresent(), "no PostgreSQL in /usr/lib/postgresql (expected: the package postgresql)");
        try (Cluster cluster = Cluster.create(3, Map.of());
                ForeignCommand command = new ForeignCommand(user(patroni.orElseThrow()), folder, Map.of())) {
            cluster.nodes().forEach(node -> node.set("http.listen", "127.0.0.1:" + Ports.free()));
            cluster.nodes().forEach(Node::start);
            cluster.awaitReady(Await.PATIENCE);
            Path own = ownFolder();
            Path settings = own.resolve("patroni.yml");
            Files.writeString(settings, yaml(cluster, own, postgres.orElseThrow()));

            ForeignCommand.Running running = command.start(settings.toString());
            try {
                Await.until(
                        Await.PATIENCE,
                        "a primary: " + running.output(),
                        () -> status().has("role")
                                && status().get("role").getAsString().equals("master")
                                && status().get("state").getAsString().equals("running")
                                && leaderKey(cluster).equals("pg1"));

                for (int kill = 0; kill < 2; kill++) {
                    Node killed = cluster.leader();
                    killed.kill();
                    long before = seen();
                    Await.until(Await.PATIENCE, "Patroni to go on: " + running.output(), () -> seen() >= before + 5);
                    assertThat(leaderKey(cluster)).isEqualTo("pg1");
                    killed.start();
                    cluster.awaitReady(Await.PATIENCE);
                }

                assertThat(status().get("role").getAsString()).isEqualTo("master");
                assertThat(status().get("timeline").getAsInt())
                        .as("no change of the primary")
                        .isEqualTo(1);
                assertThat(running.printed()).doesNotContain("demot");
            } finally {
                stop(running, own);
            }
        }
    }

    /** SIGTERM has Patroni stop PostgreSQL first; if it does not, nothing must be left behind all the same. */
    private static void stop(ForeignCommand.Running running, Path own) throws Exception {
        running.process().destroy();
        if (!running.process().waitFor(1, TimeUnit.MINUTES)) {
            running.process().destroyForcibly();
        }
        Path pid = own.resolve("data/postmaster.pid");
        if (Files.exists(pid)) {
            long postmaster = Long.parseLong(Files.readAllLines(pid).get(0).strip());
            ProcessHandle.of(postmaster).ifPresent(ProcessHandle::destroyForcibly);
            throw new AssertionError("Patroni left PostgreSQL behind: " + running.printed());
        }
    }

    /** PostgreSQL refuses to be run by root. */
    private static List<String> user(Path patroni) {
        return isRoot()
                ? List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", patroni.toString())
                : List.of(patroni.toString());
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static Optional<Path> postgresPrograms() throws IOException {
        Path all = Path.of("/usr/lib/postgresql");
        if (!Files.isDirectory(all)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(all)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("postgres")))
                    .max(Path::compareTo);
        }
    }

    private Path ownFolder() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path own = Files.createDirectory(folder.resolve("patroni"));
        if (isRoot()) {
            var accounts = own.getFileSystem().getUserPrincipalLookupService();
            Files.setOwner(own, accounts.lookupPrincipalByName("postgres"));
        }
        return own;
    }

    private String yaml(Cluster cluster, Path own, Path programs) {
        String hosts = cluster.nodes().stream()
                .map(node -> node.setting("http.listen"))
                .collect(Collectors.joining(", "));
        int port = Ports.free();
        return """
                scope: shop
                name: pg1
                restapi: {listen: "127.0.0.1:%1$d", connect_address: "127.0.0.1:%1$d"}
                etcd3:
                  hosts: [%2$s]
                  use_proxies: true
                bootstrap:
                  dcs: {ttl: 20, loop_wait: 1, retry_timeout: 5}
                  initdb: [encoding: UTF8]
                postgresql:
                  listen: "127.0.0.1:%3$d"
                  connect_address: "127.0.0.1:%3$d"
                  data_dir: %4$s/data
                  bin_dir: %5$s
                  pgpass: %4$s/pgpass
                  authentication:
                    superuser: {username: postgres, password: secret}
                    replication: {username: replicator, password: secret}
                  parameters: {unix_socket_directories: %4$s}
                """.formatted(rest, hosts, port, own, programs);
    }

    /** What Patroni says of itself; empty while it cannot be asked. */
    private JsonObject status() {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + rest + "/patroni"))
                .timeout(CALL)
                .build();
        try {
            return JsonParser.parseString(
                            http.send(request, BodyHandlers.ofString()).body())
                    .getAsJsonObject();
        } catch (IOException e) {
            return new JsonObject();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** When Patroni last had an answer of Store, in seconds since the epoch. */
    private long seen() {
        JsonObject status = status();
        return status.has("dcs_last_seen") ? status.get("dcs_last_seen").getAsLong() : 0;
    }

    private static String leaderKey(Cluster cluster) {
        return cluster
                .live()
                .get(0)
                .client()
                .kv(CALL)
                .range(RangeRequest.newBuilder()
                        .setRange(dev.store.api.v1.Range.newBuilder()
                                .setKeys(KeySelector.newBuilder()
                                        .setKey(ByteString.copyFromUtf8("/service/shop/leader"))))
                        .build())
                .getResult()
                .getEntriesList()
                .stream()
                .map(entry -> entry.getValue().toStringUtf8())
                .collect(Collectors.joining());
    }
}
