package dev.store.server.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.store.server.testing.TestCluster;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** etcd's JSON gateway on the HTTP port of a node, beside that of a real etcd. */
@Timeout(120)
class EtcdJsonTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private TestCluster cluster;
    private String store;

    @TempDir
    Path folder;

    private record Call(String path, String body) {}

    @BeforeEach
    void start() throws IOException {
        cluster = TestCluster.start(folder, 1, Map.of("http.listen", "127.0.0.1:0"));
        store = "http://127.0.0.1:" + cluster.node(0).server().httpPort();
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private static String key(String text) {
        return "\"" + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) + "\"";
    }

    private HttpResponse<String> post(String base, String path, String body) throws Exception {
        return client.send(request(base, path, body), BodyHandlers.ofString());
    }

    private static HttpRequest request(String base, String path, String body) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    @Test
    void aKeyIsPutAndRead() throws Exception {
        assertThat(post(store, "/v3/kv/put", "{\"key\":" + key("foo") + ",\"value\":" + key("bar") + "}")
                        .statusCode())
                .isEqualTo(200);

        HttpResponse<String> read = post(store, "/v3/kv/range", "{\"key\":" + key("foo") + "}");

        JsonNode answer = JSON.readTree(read.body());
        assertThat(read.headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/json"));
        assertThat(answer.get("kvs").toString())
                .isEqualTo("[{\"key\":\"Zm9v\",\"create_revision\":\"2\",\"mod_revision\":\"2\",\"version\":\"1\","
                        + "\"value\":\"YmFy\"}]");
        assertThat(answer.get("count").asText()).isEqualTo("1");
        assertThat(answer.get("header").get("revision").asText()).isEqualTo("2");
        assertThat(etcd().kv().range(EtcdStubs.rangeOf("foo").build()).getCount())
                .isEqualTo(1);
    }

    private EtcdStubs etcd() {
        return new EtcdStubs(cluster.node(0).channel());
    }

    @Test
    void answersAreThoseOfEtcd() throws Exception {
        Optional<Path> program = EtcdProcess.find();
        assumeTrue(program.isPresent(), "etcd is not on the PATH (expected: the package etcd-server)");
        try (EtcdProcess process = EtcdProcess.start(program.orElseThrow(), folder)) {
            awaitTrue(() -> "{\"health\":\"true\"}".equals(get(process.url(), "/health")));

            for (Call call : calls()) {
                HttpResponse<String> theirs = post(process.url(), call.path, call.body);
                HttpResponse<String> ours = post(store, call.path, call.body);

                assertThat(normal(ours.body())).as(call.toString()).isEqualTo(normal(theirs.body()));
                assertThat(ours.statusCode()).as(call.toString()).isEqualTo(theirs.statusCode());
            }
            assertThat(get(store, "/version")).isEqualTo(get(process.url(), "/version"));
            assertThat(get(store, "/health")).isEqualTo(get(process.url(), "/health"));
        }
    }

    private static List<Call> calls() {
        String a = key("a");
        String compare =
                "\"compare\":[{\"key\":" + a + ",\"target\":\"VERSION\",\"result\":\"EQUAL\",\"version\":\"2\"}]";
        String put = "{\"request_put\":{\"key\":" + a + ",\"value\":" + key("3") + "}}";
        String range = "{\"request_range\":{\"key\":" + a + "}}";
        String txn = "{" + compare + ",\"success\":[" + put + "],\"failure\":[" + range + "]}";
        return List.of(
                new Call("/v3/kv/put", "{\"key\":" + a + ",\"value\":" + key("1") + "}"),
                new Call("/v3/kv/put", "{\"key\":" + a + ",\"value\":" + key("2") + ",\"prev_kv\":true}"),
                new Call("/v3/kv/txn", txn),
                new Call("/v3/kv/txn", txn),
                new Call("/v3/kv/range", "{\"key\":" + a + "}"),
                new Call("/v3beta/kv/range", "{\"key\":" + a + ",\"range_end\":" + key("b") + ",\"limit\":\"1\"}"),
                new Call("/v3/kv/range", "{\"key\":" + a + ",\"revision\":2}"),
                new Call("/v3/kv/range", "{\"key\":" + a + ",\"revision\":99}"),
                new Call("/v3/lease/grant", "{\"ID\":77,\"TTL\":1000}"),
                new Call("/v3/lease/grant", "{\"ID\":77,\"TTL\":1000}"),
                new Call("/v3/lease/keepalive", "{\"ID\":\"77\"}"),
                new Call("/v3/lease/keepalive", "{\"ID\":\"78\"}"),
                new Call("/v3/kv/put", "{\"key\":" + key("l") + ",\"lease\":77}"),
                new Call("/v3/kv/put", "{\"key\":" + key("l") + ",\"lease\":78}"),
                new Call("/v3/kv/lease/timetolive", "{\"ID\":78,\"keys\":true}"),
                new Call("/v3/lease/leases", "{}"),
                new Call("/v3/lease/leases", ""),
                new Call("/v3/kv/lease/revoke", "{\"ID\":77}"),
                new Call("/v3/lease/revoke", "{\"ID\":77}"),
                new Call("/v3/kv/deleterange", "{\"key\":" + a + ",\"prev_kv\":true}"),
                new Call("/v3/kv/compaction", "{\"revision\":4,\"physical\":true}"),
                new Call("/v3/kv/range", "{\"key\":" + a + ",\"revision\":2}"),
                new Call("/v3/kv/range", "{}"),
                new Call("/v3/auth/authenticate", "{\"name\":\"root\",\"password\":\"x\"}"),
                new Call("/v3/election/leader", "{\"name\":" + key("nobody") + "}"),
                new Call("/v3/maintenance/alarm", "{\"action\":\"GET\"}"));
    }

    /** Without what names one cluster. */
    private static String normal(String body) throws IOException {
        JsonNode tree = JSON.readTree(body);
        for (JsonNode header : tree.findValues("header")) {
            ((ObjectNode) header).remove(List.of("cluster_id", "member_id", "raft_term"));
        }
        return tree.toString();
    }

    private String get(String base, String path) {
        try {
            return client.send(HttpRequest.newBuilder(URI.create(base + path)).build(), BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitTrue(BooleanSupplier condition) {
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited 30 s").isLessThan(deadline);
            LockSupport.parkNanos(10_000_000);
        }
    }

    @Test
    void aWatchIsALineForEachAnswerUntilItsCallerLeaves() throws Exception {
        String create = "{\"create_request\":{\"key\":" + key("w") + ",\"prev_kv\":true}}";
        HttpResponse<InputStream> watch =
                client.send(request(store, "/v3/watch", create), BodyHandlers.ofInputStream());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(watch.body(), StandardCharsets.UTF_8))) {
            assertThat(JSON.readTree(lines.readLine())
                            .get("result")
                            .get("created")
                            .asBoolean())
                    .isTrue();
            etcd().put("w", "1");
            etcd().put("w", "2");

            JsonNode first =
                    JSON.readTree(lines.readLine()).get("result").get("events").get(0);
            JsonNode second =
                    JSON.readTree(lines.readLine()).get("result").get("events").get(0);

            assertThat(first.get("kv").get("value").asText()).isEqualTo("MQ==");
            assertThat(second.get("prev_kv").get("value").asText()).isEqualTo("MQ==");
            assertThat(cluster.node(0).server().replica().watchHub().size()).isPositive();
        }
        awaitTrue(() -> cluster.node(0).server().replica().watchHub().size() == 0);
    }

    @Test
    void whoWaitsForALockAndLeavesIsNoLongerInTheQueue() throws Exception {
        assertThat(post(store, "/v3/lock/lock", "{\"name\":" + key("lock") + "}")
                        .statusCode())
                .isEqualTo(200);

        var waiting = client.sendAsync(
                request(store, "/v3/lock/lock", "{\"name\":" + key("lock") + "}"), BodyHandlers.ofString());
        awaitTrue(() -> queue() == 2);
        waiting.cancel(true);

        awaitTrue(() -> queue() == 1);
    }

    private long queue() {
        return etcd().kv().range(EtcdStubs.rangeOf("lock/", "lock0").build()).getCount();
    }

    @Test
    void whatIsNotUnderstoodIsToldWithWhatWasExpected() throws Exception {
        HttpResponse<String> nowhere = post(store, "/v3/kv/nothing", "{}");
        assertThat(nowhere.statusCode()).isEqualTo(404);
        assertThat(nowhere.body()).contains("/v3/kv/nothing").contains("\"code\":5");

        HttpResponse<String> broken = post(store, "/v3/kv/range", "{\"key\":");
        assertThat(broken.statusCode()).isEqualTo(400);
        assertThat(broken.body()).contains("expected: JSON").contains("\"code\":3");

        HttpResponse<String> notBase64 = post(store, "/v3/kv/range", "{\"key\":\"***\"}");
        assertThat(notBase64.statusCode()).isEqualTo(400);

        HttpResponse<String> large = post(store, "/v3/kv/put", "{\"key\":\"" + "A".repeat(5 << 20) + "\"}");
        assertThat(large.statusCode()).isEqualTo(413);

        assertThat(client.send(
                                HttpRequest.newBuilder(URI.create(store + "/v3/kv/range"))
                                        .build(),
                                BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(405);
    }
}
