package dev.store.server.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Turns sources into a validated configuration, or into the list of everything that is wrong with them. */
public final class ConfigLoader {
    private final Problems problems = new Problems();
    private final Map<String, Setting> origins;
    private final Settings settings;

    private ConfigLoader(ConfigSources sources) {
        origins = sources.settings(problems);
        settings = new Settings(origins, problems);
    }

    /**
     * Loads the configuration.
     *
     * @throws ConfigException with all problems
     */
    public static EffectiveConfig load(ConfigSources sources) {
        return new ConfigLoader(sources).load();
    }

    private EffectiveConfig load() {
        List<InitialMember> members = settings.get(Keys.CLUSTER_MEMBERS);
        String name = settings.get(Keys.NODE_NAME);
        Optional<InitialMember> self =
                members.stream().filter(member -> member.name().equals(name)).findFirst();
        NodeConfig node = problems.collect(() -> node(name));
        ClientConfig client = problems.collect(() -> client(self));
        HttpConfig http = problems.collect(this::http);
        RaftConfig raft = problems.collect(() -> raft(self));
        ClusterConfig cluster = problems.collect(() -> cluster(members));
        SnapshotConfig snapshot = problems.collect(() -> new SnapshotConfig(
                settings.get(Keys.SNAPSHOT_LOG_BYTES),
                settings.get(Keys.SNAPSHOT_INTERVAL),
                settings.get(Keys.SNAPSHOT_KEEP_ENTRIES)));
        HistoryConfig history = problems.collect(() -> new HistoryConfig(
                settings.get(Keys.HISTORY_KEEP_TIME),
                settings.get(Keys.HISTORY_KEEP_REVISIONS),
                settings.get(Keys.HISTORY_CHECK_INTERVAL)));
        LimitsConfig limits = problems.collect(this::limits);
        PeerConfig peer = problems.collect(() -> new PeerConfig(
                settings.get(Keys.PEER_PROPOSE_TIMEOUT),
                settings.get(Keys.PEER_READ_TIMEOUT),
                settings.get(Keys.PEER_STATUS_TIMEOUT)));
        ChecksConfig checks = problems.collect(
                () -> new ChecksConfig(settings.get(Keys.CHECKS_ENABLED), settings.get(Keys.CHECKS_ALLOWED)));
        LogConfig log = problems.collect(() -> new LogConfig(settings.get(Keys.LOG_LEVEL)));
        if (node == null
                || client == null
                || http == null
                || raft == null
                || cluster == null
                || snapshot == null
                || history == null
                || limits == null
                || peer == null
                || checks == null
                || log == null) {
            throw new ConfigException(problems.list());
        }
        ServerConfig config = problems.collect(() ->
                new ServerConfig(node, client, http, raft, cluster, snapshot, history, limits, peer, checks, log));
        problems.throwIfAny();
        if (config == null) {
            throw new ConfigException(problems.list());
        }
        return new EffectiveConfig(config, origins);
    }

    private NodeConfig node(String name) {
        return new NodeConfig(name, path(), settings.get(Keys.NODE_SHUTDOWN_TIMEOUT));
    }

    private Path path() {
        String text = settings.get(Keys.NODE_DATA);
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new ConfigException(
                    List.of("node.data: \"" + text + "\" (expected: a folder; " + e.getReason() + ")"));
        }
    }

    private ClientConfig client(Optional<InitialMember> self) {
        Endpoint listen = settings.get(Keys.CLIENT_LISTEN);
        Endpoint advertise =
                advertise(Keys.CLIENT_ADVERTISE, self.map(InitialMember::client).orElse(listen));
        return new ClientConfig(
                listen,
                advertise,
                settings.get(Keys.CLIENT_MAX_CONNECTIONS),
                settings.get(Keys.CLIENT_MAX_CALLS),
                settings.get(Keys.CLIENT_KEEPALIVE_TIME),
                settings.get(Keys.CLIENT_KEEPALIVE_TIMEOUT),
                settings.get(Keys.CLIENT_MIN_KEEPALIVE));
    }

    private HttpConfig http() {
        return settings.get(Keys.HTTP_LISTEN).isEmpty()
                ? new HttpConfig(Optional.empty())
                : new HttpConfig(Optional.of(endpoint(Keys.HTTP_LISTEN)));
    }

    private RaftConfig raft(Optional<InitialMember> self) {
        Endpoint listen = settings.get(Keys.RAFT_LISTEN);
        Endpoint advertise =
                advertise(Keys.RAFT_ADVERTISE, self.map(InitialMember::raft).orElse(listen));
        return new RaftConfig(
                listen, advertise, settings.get(Keys.RAFT_ELECTION_MIN), settings.get(Keys.RAFT_ELECTION_MAX));
    }

    private Endpoint advertise(Key<String> key, Endpoint otherwise) {
        return settings.get(key).isEmpty() ? otherwise : endpoint(key);
    }

    private Endpoint endpoint(Key<String> key) {
        String text = settings.get(key);
        try {
            return Endpoint.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(List.of(key.name() + ": \"" + text + "\" (expected: " + e.getMessage() + ")"));
        }
    }

    private ClusterConfig cluster(List<InitialMember> members) {
        String name = settings.get(Keys.CLUSTER_NAME);
        return new ClusterConfig(name, clusterId(name), members, settings.get(Keys.CLUSTER_JOIN));
    }

    private UUID clusterId(String clusterName) {
        String text = settings.get(Keys.CLUSTER_ID);
        if (text.isEmpty()) {
            return UUID.nameUUIDFromBytes(("store cluster " + clusterName).getBytes(StandardCharsets.UTF_8));
        }
        UUID id = uuid(text);
        if (id == null) {
            throw new ConfigException(List.of("cluster.id: \"" + text
                    + "\" (expected: a UUID such as 6ba7b810-9dad-41d1-80b4-00c04fd430c8, or nothing)"));
        }
        return id;
    }

    private static @Nullable UUID uuid(String text) {
        try {
            UUID id = UUID.fromString(text);
            return id.toString().equals(text.toLowerCase(Locale.ROOT)) ? id : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private LimitsConfig limits() {
        return new LimitsConfig(
                settings.get(Keys.LIMITS_REQUEST),
                settings.get(Keys.LIMITS_WATCHES_PER_STREAM),
                settings.get(Keys.LIMITS_WATCHES_PER_MEMBER),
                settings.get(Keys.LIMITS_READ_THREADS),
                settings.get(Keys.LIMITS_READ_QUEUE));
    }
}
