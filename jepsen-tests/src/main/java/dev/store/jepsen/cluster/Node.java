package dev.store.jepsen.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One node as a process of its own, with its ports, folder and log. One thread may hurt it
 * while others call it.
 */
public final class Node implements AutoCloseable {

    private final Distribution distribution;
    private final String name;
    private final Path folder;
    private final Place place;
    private final Gear gear;
    private final Map<String, String> settings;
    private volatile @Nullable Process process;
    private volatile @Nullable NodeClient client;
    private volatile boolean paused;

    Node(Distribution distribution, String name, Path folder, Map<String, String> settings, Place place, Gear gear) {
        this.distribution = distribution;
        this.name = name;
        this.folder = folder;
        this.place = place;
        this.gear = gear;
        this.settings = new TreeMap<>(settings);
        this.settings.put("node.name", name);
        this.settings.put("node.data", data().toString());
        this.settings.put("client.listen", clientEndpoint());
        this.settings.put("raft.listen", raftEndpoint());
        this.settings.put("client.advertise", memberClientEndpoint());
        this.settings.put("raft.advertise", memberRaftEndpoint());
    }

    /** Its name in the cluster. */
    public String name() {
        return name;
    }

    /** host:port for clients. */
    public String clientEndpoint() {
        return place.host() + ":" + place.clientPort();
    }

    /** host:port for other members. */
    public String raftEndpoint() {
        return place.host() + ":" + place.raftPort();
    }

    /** host:port under which other members call its client port. */
    String memberClientEndpoint() {
        Link link = gear.clientLink();
        return link == null ? clientEndpoint() : link.endpoint();
    }

    /** host:port under which other members call its Raft port. */
    String memberRaftEndpoint() {
        Link link = gear.raftLink();
        return link == null ? raftEndpoint() : link.endpoint();
    }

    /** Its disk; throws RigException if it has none of its own. */
    public Disk disk() {
        return required(gear.disk(), "disk");
    }

    /** Its shim; throws RigException if it has none. */
    public Shim shim() {
        return required(gear.shim(), "shim");
    }

    /** The proxies before its ports; throws RigException if there are none. */
    public List<Link> links() {
        return List.of(required(gear.raftLink(), "proxy"), required(gear.clientLink(), "proxy"));
    }

    /** Ports of the proxies before its ports; empty if there are none. */
    List<Integer> linkPorts() {
        return Stream.of(gear.raftLink(), gear.clientLink())
                .filter(Objects::nonNull)
                .map(Link::port)
                .toList();
    }

    /** Kills it, and loses what it had not synced. Returns the proof. */
    public String losePower() {
        if (isRunning()) {
            kill();
        }
        return disk().losePower();
    }

    /** Its data folder. */
    public Path data() {
        // A disk of its own has a folder lost+found, and a new node wants an empty one.
        return gear.disk() == null
                ? folder.resolve("data")
                : folder.resolve("disk").resolve("data");
    }

    /** Its folder for temporary files. */
    public Path temporary() {
        return folder.resolve("tmp");
    }

    /** Everything that its processes printed. */
    public Path log() {
        return folder.resolve("node.log");
    }

    /** Changes a setting of its store.yaml, from the next start on. */
    public void set(String key, String value) {
        settings.put(key, value);
    }

    /** A setting of its store.yaml; empty if it is not set. */
    public String setting(String key) {
        return settings.getOrDefault(key, "");
    }

    /** From the next start on, with an empty data folder, it waits to be added to a cluster. */
    public void joinAnew() {
        settings.put("cluster.members", "");
        settings.put("cluster.join", "true");
    }

    /** Starts the process, and does not wait until it serves. */
    public void start() {
        if (isRunning()) {
            throw new RigException(name + " runs already");
        }
        try {
            Files.createDirectories(temporary());
            Files.writeString(folder.resolve("store.yaml"), yaml());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to " + folder, e);
        }
        List<String> command = distribution.serverCommand(gear.patches());
        // What a killed process leaves behind goes with the cluster.
        command.add(1, "-Djava.io.tmpdir=" + temporary());
        command.addAll(
                List.of("server", "--config", folder.resolve("store.yaml").toString()));
        command.addAll(0, place.launch());
        Map<String, String> environment = new TreeMap<>(Map.of("MALLOC_ARENA_MAX", "2"));
        if (gear.shim() != null) {
            environment.putAll(gear.shim().environment());
        }
        process = Spawner.start(command, folder, log().toFile(), environment);
        client = new NodeClient(clientEndpoint());
        paused = false;
    }

    /** Whether the process lives, paused or not. */
    public boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** Fails, with the end of the log, if the process has ended by itself. */
    void requireRunning() {
        if (!isRunning()) {
            throw new RigException(name + " has ended; its log ends:\n" + logTail(20));
        }
    }

    /** Whether the process was stopped by {@link #pause}. */
    public boolean isPaused() {
        return paused;
    }

    /** The process id. */
    public long pid() {
        return running().pid();
    }

    /** A client of this node alone. */
    public NodeClient client() {
        if (client == null) {
            throw new RigException(name + " was never started");
        }
        return client;
    }

    /** SIGKILL; returns when the process is gone. */
    public void kill() {
        running().destroyForcibly();
        awaitExit(Await.PATIENCE);
    }

    /** SIGTERM; returns the exit code. */
    public int terminate(Duration limit) {
        Spawner.signal(pid(), "TERM");
        return awaitExit(limit);
    }

    /** Waits for the process to end by itself; returns the exit code. */
    public int awaitExit(Duration limit) {
        Process ending = running();
        try {
            if (!ending.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new RigException(name + " still runs after " + limit + "; its log ends:\n" + logTail(20));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RigException("interrupted while waiting for the end of " + name, e);
        }
        if (client != null) {
            client.close();
        }
        return ending.exitValue();
    }

    /**
     * SIGSTOP: the process stands still, its connections stay open. The kernel stops one thread after the other, on a busy
     * machine after {@code kill} has returned, so this waits until proc(5) says of all that they have stopped.
     */
    public void pause() {
        Spawner.signal(pid(), "STOP");
        paused = true;
        Await.until(Await.PATIENCE, "all threads of " + name + " stopped", () -> Spawner.isStopped(pid()));
    }

    /** SIGCONT. */
    public void resume() {
        Spawner.signal(pid(), "CONT");
        paused = false;
    }

    /** Deletes the data folder of a stopped node. */
    public void wipe() {
        if (isRunning()) {
            throw new RigException(name + " runs; stop it before its data is wiped");
        }
        deleteTree(data());
    }

    /** The last lines that its processes printed. */
    public String logTail(int lines) {
        try {
            List<String> all = Files.readAllLines(log(), StandardCharsets.UTF_8);
            return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
        } catch (IOException e) {
            return "(no log: " + e + ")";
        }
    }

    /** Kills the process if there is one, and forgets the connection; the folder stays. */
    @Override
    public void close() {
        if (isRunning()) {
            kill();
        }
        if (client != null) {
            client.close();
        }
        gear.close();
    }

    private <T> T required(@Nullable T part, String what) {
        if (part == null) {
            throw new RigException(name + " has no " + what + " of its own");
        }
        return part;
    }

    @Override
    public String toString() {
        return name + " (" + clientEndpoint() + ")";
    }

    static void deleteTree(Path root) {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + root, e);
        }
    }

    private Process running() {
        if (process == null) {
            throw new RigException(name + " was never started");
        }
        return process;
    }

    /** Settings are named section.key; strings are quoted, since YAML reads n1:1/n2:2 and true in ways of its own. */
    private String yaml() {
        StringBuilder text = new StringBuilder();
        String section = "";
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            String[] path = setting.getKey().split("\\.", 2);
            if (!path[0].equals(section)) {
                section = path[0];
                text.append(section).append(":\n");
            }
            text.append("  ")
                    .append(path[1])
                    .append(": \"")
                    .append(setting.getValue())
                    .append("\"\n");
        }
        return text.toString();
    }
}
