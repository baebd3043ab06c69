package dev.store.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigLoaderTest {
    private static final String WHOLE_FILE = """
                node:
                  name: a
                  data: /var/lib/store
                  shutdown-timeout: 1m
                client:
                  listen: 0.0.0.0:1
                  advertise: a.example:1
                  max-connections: 2
                  max-calls-per-connection: 3
                  keepalive-time: 4s
                  keepalive-timeout: 5s
                  min-keepalive-interval: 6s
                http:
                  listen: 0.0.0.0:8
                raft:
                  listen: "[::1]:2"
                  advertise: a.example:2
                  election-timeout-min: 300ms
                  election-timeout-max: 600ms
                cluster:
                  name: c
                  id: 6ba7b810-9dad-41d1-80b4-00c04fd430c8
                  members: [a=a.example:2/a.example:1, "b=b.example:2/b.example:1"]
                  join: false
                snapshot:
                  log-bytes: 2MiB
                  interval: 0
                  keep-log-entries: 7
                history:
                  keep-time: 7d
                  keep-revisions: 1000
                  check-interval: 1500ms
                limits:
                  request-bytes: 65536
                  watches-per-stream: 8
                  watches-per-member: 9
                  read-threads: 10
                  read-queue: 11
                peer:
                  propose-timeout: 12s
                  read-timeout: 13s
                  status-timeout: 14s
                checks:
                  enabled: true
                  allowed: [10.0.0.0/8, "fd00::1"]
                log:
                  level: DEBUG
                """;

    @TempDir
    Path folder;

    @Test
    void defaultsMakeANodeOnLoopbackThatIsAClusterOfItsOwn() {
        ServerConfig config = load(Map.of(), Map.of());

        assertThat(config.node()).isEqualTo(new NodeConfig("n1", Path.of("store-data"), Duration.ofSeconds(15)));
        assertThat(config.client())
                .isEqualTo(new ClientConfig(
                        new Endpoint("127.0.0.1", 7400),
                        new Endpoint("127.0.0.1", 7400),
                        10_000,
                        10_000,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(5)));
        assertThat(config.raft())
                .isEqualTo(new RaftConfig(
                        new Endpoint("127.0.0.1", 7401),
                        new Endpoint("127.0.0.1", 7401),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2)));
        assertThat(config.cluster().members()).isEmpty();
        assertThat(config.cluster().join()).isFalse();
        assertThat(config.snapshot()).isEqualTo(new SnapshotConfig(128L << 20, Duration.ofHours(1), 10_000));
        assertThat(config.history()).isEqualTo(new HistoryConfig(Duration.ofHours(1), 0, Duration.ofMinutes(1)));
        assertThat(config.limits()).isEqualTo(new LimitsConfig(1536 * 1024, 1_000, 100_000, 2, 4_096));
        assertThat(config.peer())
                .isEqualTo(new PeerConfig(Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ofSeconds(2)));
        assertThat(config.log()).isEqualTo(new LogConfig("info"));
    }

    @Test
    void everyKeyOfTheFileReachesItsPlace() throws IOException {
        Path file = file(WHOLE_FILE);

        ServerConfig config =
                ConfigLoader.load(new ConfigSources(file, Map.of(), Map.of())).config();

        Endpoint client = new Endpoint("a.example", 1);
        Endpoint raft = new Endpoint("a.example", 2);
        InitialMember a = new InitialMember("a", raft, client);
        InitialMember b = new InitialMember("b", new Endpoint("b.example", 2), new Endpoint("b.example", 1));
        assertThat(config)
                .isEqualTo(new ServerConfig(
                        new NodeConfig("a", Path.of("/var/lib/store"), Duration.ofMinutes(1)),
                        new ClientConfig(
                                new Endpoint("0.0.0.0", 1),
                                client,
                                2,
                                3,
                                Duration.ofSeconds(4),
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(6)),
                        new HttpConfig(Optional.of(new Endpoint("0.0.0.0", 8))),
                        new RaftConfig(new Endpoint("::1", 2), raft, Duration.ofMillis(300), Duration.ofMillis(600)),
                        new ClusterConfig(
                                "c", UUID.fromString("6ba7b810-9dad-41d1-80b4-00c04fd430c8"), List.of(a, b), false),
                        new SnapshotConfig(2L << 20, Duration.ZERO, 7),
                        new HistoryConfig(Duration.ofDays(7), 1_000, Duration.ofMillis(1_500)),
                        new LimitsConfig(65_536, 8, 9, 10, 11),
                        new PeerConfig(Duration.ofSeconds(12), Duration.ofSeconds(13), Duration.ofSeconds(14)),
                        new ChecksConfig(
                                true, List.of(AddressRange.parse("10.0.0.0/8"), AddressRange.parse("fd00::1"))),
                        new LogConfig("debug")));
    }

    @Test
    void flagsBeatTheEnvironmentWhichBeatsTheFileWhichBeatsDefaults() throws IOException {
        Path file = file("cluster: {name: file}\nlog: {level: warn}\nnode: {name: from-file}");

        EffectiveConfig effective = ConfigLoader.load(new ConfigSources(
                file,
                Map.of("STORE_CLUSTER_NAME", "environment", "STORE_LOG_LEVEL", "debug"),
                Map.of("log.level", "trace")));

        assertThat(effective.config().node().name()).isEqualTo("from-file");
        assertThat(effective.config().cluster().name()).isEqualTo("environment");
        assertThat(effective.config().log().level()).isEqualTo("trace");
        assertThat(effective.origin("node.name")).isEqualTo(file + ":3");
        assertThat(effective.origin("cluster.name")).isEqualTo("STORE_CLUSTER_NAME");
        assertThat(effective.origin("log.level")).isEqualTo("--log.level");
        assertThat(effective.origin("raft.listen")).isEqualTo("default");
    }

    @Test
    void unknownKeysOfEverySourceAreRefusedTogetherWithASuggestionAndTheirLine() throws IOException {
        Path file = file("node:\n  nam: x\nclustr:\n  join: true\n");

        assertThat(problems(new ConfigSources(
                        file, Map.of("STORE_RAFT_LISTE", "x", "STORE_ENDPOINTS", "fine"), Map.of("loglevel", "x"))))
                .containsExactly(
                        file + ":2: unknown key node.nam; did you mean node.name?",
                        file + ":4: unknown key clustr.join; did you mean cluster.join?",
                        "STORE_RAFT_LISTE: unknown environment variable; did you mean STORE_RAFT_LISTEN?",
                        "--loglevel: unknown flag; did you mean --log.level?");
    }

    @Test
    void allProblemsAreReportedAtOnceWithTheOffendingAndTheExpectedValue() throws IOException {
        Path file = file("""
                node:
                  name: "Not A Name"
                  shutdown-timeout: soon
                client:
                  listen: nowhere
                  max-connections: 0
                snapshot:
                  log-bytes: 3
                limits:
                  request-bytes: 1GiB
                """);

        assertThat(problems(new ConfigSources(file, Map.of(), Map.of("raft.election-timeout-max", "1s"))))
                .anySatisfy(p -> assertThat(p).contains("node.name: \"Not A Name\" (expected: 1 to 63 characters"))
                .anySatisfy(p -> assertThat(p)
                        .isEqualTo(file + ":3: node.shutdown-timeout: \"soon\""
                                + " (expected: a duration such as 250ms, 5s, 10m, 24h or 7d)"))
                .anySatisfy(p -> assertThat(p).contains(":5: client.listen: \"nowhere\" (expected: host:port)"))
                .anySatisfy(p -> assertThat(p).contains("client.max-connections: 0 (expected: 1 to 1000000)"))
                .anySatisfy(p -> assertThat(p).contains("snapshot.log-bytes: 3 (expected: 1048576 to"))
                .anySatisfy(p -> assertThat(p).contains("limits.request-bytes: 1073741824"))
                .anySatisfy(p -> assertThat(p).contains("raft.election-timeout-max: 1s (expected: 1200ms to 2m)"))
                .hasSize(7);
    }

    @Test
    void whatIsNoYamlIsReportedWithItsLine() throws IOException {
        Path file = file("node:\n  name: [\n");

        assertThat(problems(new ConfigSources(file, Map.of(), Map.of())))
                .singleElement()
                .satisfies(p -> assertThat(p).startsWith(file + ":3: not YAML:"));
    }

    @Test
    void aKeySetTwiceIsRefused() throws IOException {
        Path file = file("node:\n  name: a\nnode.name: b\n");

        assertThat(problems(new ConfigSources(file, Map.of(), Map.of())))
                .containsExactly(file + ":3: node.name: set twice (first at " + file + ":2)");
    }

    @Test
    void aMissingFileIsReported() {
        Path file = folder.resolve("absent.yaml");

        assertThat(problems(new ConfigSources(file, Map.of(), Map.of())))
                .containsExactly(file + ": cannot be read: java.nio.file.NoSuchFileException: " + file);
    }

    @Test
    void anEmptyFileSetsNothing() throws IOException {
        Path file = file("# nothing\n");

        assertThat(ConfigLoader.load(new ConfigSources(file, Map.of(), Map.of()))
                        .config())
                .isEqualTo(load(Map.of(), Map.of()));
    }

    @Test
    void advertisedAddressesComeFromTheMemberListOfTheCluster() {
        ServerConfig config = load(
                Map.of(),
                Map.of(
                        "node.name", "b",
                        "client.listen", "0.0.0.0:7400",
                        "raft.listen", "0.0.0.0:7401",
                        "cluster.members", "a=10.0.0.1:7401/10.0.0.1:7400,b=10.0.0.2:7401/10.0.0.2:7400"));

        assertThat(config.client().advertise()).isEqualTo(new Endpoint("10.0.0.2", 7400));
        assertThat(config.raft().advertise()).isEqualTo(new Endpoint("10.0.0.2", 7401));
    }

    @Test
    void anAddressThatNobodyCanConnectToIsNotAdvertised() {
        assertThat(problems(new ConfigSources(null, Map.of(), Map.of("client.listen", "0.0.0.0:7400"))))
                .singleElement()
                .satisfies(p -> assertThat(p).startsWith("client.advertise: 0.0.0.0:7400 (expected: an address"));
    }

    @Test
    void aNodeMustBeInTheMemberListItIsGiven() {
        assertThat(problems(
                        new ConfigSources(null, Map.of(), Map.of("cluster.members", "a=h:1/h:2", "node.name", "b"))))
                .singleElement()
                .satisfies(p -> assertThat(p).contains("a list with this node, node.name: b"));
    }

    @Test
    void membersMustDifferInNameAndAddress() {
        assertThat(problems(new ConfigSources(null, Map.of(), Map.of("cluster.members", "n1=h:1/h:2,n1=h:3/h:2"))))
                .contains("cluster.members: n1 (expected: only once)", "cluster.members: h:2 (expected: only once)");
    }

    @Test
    void aNodeThatJoinsHasNoMemberList() {
        assertThat(problems(new ConfigSources(
                        null, Map.of(), Map.of("cluster.members", "n1=h:1/h:2", "cluster.join", "true"))))
                .anySatisfy(p -> assertThat(p).contains("none together with cluster.join: true"));
    }

    @Test
    void clustersOfDifferentNamesHaveDifferentIdsAndOneNameGivesOneId() {
        UUID a = load(Map.of(), Map.of("cluster.name", "a")).cluster().id();

        assertThat(a)
                .isEqualTo(load(Map.of(), Map.of("cluster.name", "a")).cluster().id());
        assertThat(a)
                .isNotEqualTo(
                        load(Map.of(), Map.of("cluster.name", "b")).cluster().id());
    }

    @ParameterizedTest
    @CsvSource({"64MiB,67108864", "1.5MiB,1572864", "100KB,100000", "4 GiB,4294967296", "1048577,1048577"})
    void sizesHaveUnits(String text, long bytes) {
        assertThat(Kind.SIZE.parser().apply(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"250ms,250", "5s,5000", "2m,120000", "1.5h,5400000", "7d,604800000", "0,0"})
    void durationsHaveUnits(String text, long millis) {
        assertThat(Kind.DURATION.parser().apply(text)).isEqualTo(Duration.ofMillis(millis));
    }

    private static ServerConfig load(Map<String, String> environment, Map<String, String> flags) {
        return ConfigLoader.load(new ConfigSources(null, environment, flags)).config();
    }

    private static List<String> problems(ConfigSources sources) {
        ConfigException failure = catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(sources));
        assertThat(failure).as("refused").isNotNull();
        return failure.problems();
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("store.yaml"), text);
    }
}
