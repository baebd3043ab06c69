package dev.store.jepsen.cluster;

import com.google.protobuf.ByteString;
import dev.store.api.v1.GetRequest;
import dev.store.api.v1.Put;
import dev.store.api.v1.PutRequest;
import dev.store.api.v1.StatusResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The classes of a node, read and checked once per build and JDK instead of at each start: on two cores, a good part of the
 * time of a run goes into starting nodes. Without it they only start more slowly.
 */
public final class ClassArchive {
    private static final Duration CALL = Duration.ofSeconds(10);
    private static final Duration END = Duration.ofSeconds(90);

    private ClassArchive() {}

    /** Makes it if it is missing or older than the build; whether it did. */
    public static boolean make() {
        Distribution distribution = Distribution.find();
        if (isFresh(distribution)) {
            return false;
        }
        Path file = file(distribution);
        Path part = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid());
        try {
            train(distribution.with("-XX:ArchiveClassesAtExit=" + part));
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (IOException e) {
            throw new RigException("the classes of a node could not be archived: " + e, e);
        } finally {
            boolean unused = part.toFile().delete();
        }
    }

    /** Flags of a node that is started from this distribution and nothing else. */
    static List<String> flags(Distribution distribution) {
        return isFresh(distribution) ? List.of("-XX:SharedArchiveFile=" + file(distribution)) : List.of();
    }

    private static Path file(Distribution distribution) {
        return distribution.lib().resolveSibling("classes-" + Runtime.version() + ".jsa");
    }

    /** The JVM compares the jars' times too, but would complain in the log of each node. */
    private static boolean isFresh(Distribution distribution) {
        Path file = file(distribution);
        if (!Files.exists(file)) {
            return false;
        }
        long made = file.toFile().lastModified();
        try (Stream<Path> jars = Files.list(distribution.lib())) {
            return jars.allMatch(jar -> jar.toFile().lastModified() < made);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + distribution.lib(), e);
        }
    }

    /** A node of its own serves a little of everything, and ends in good order, which is when the JVM writes the archive. */
    private static void train(Distribution distribution) throws IOException {
        Path folder = Files.createTempDirectory(
                Leftovers.FOLDER + ProcessHandle.current().pid() + "-");
        Place place = new Loopback().place("n1");
        try (Node node = new Node(distribution, "n1", folder, Map.of(), place, Gear.NONE)) {
            node.set("cluster.members", "n1=" + node.memberRaftEndpoint() + "/" + node.memberClientEndpoint());
            node.start();
            Await.until(Await.PATIENCE, node + " to serve", () -> {
                node.requireRunning();
                return !node.client().status().getLeader().isEmpty();
            });
            ByteString key = ByteString.copyFromUtf8("key");
            var put = node.client()
                    .kv(CALL)
                    .put(PutRequest.newBuilder()
                            .setPut(Put.newBuilder().setKey(key))
                            .build());
            var unused = node.client()
                    .kv(CALL)
                    .get(GetRequest.newBuilder().setKey(key).build());
            StatusResponse status = node.client().status();
            var unusedToo = node.client()
                    .hash(Math.max(
                            put.getHeader().getRevision(), status.getHeader().getRevision()));
            int code = node.terminate(END);
            if (code != 0) {
                throw new RigException(node + " ended with " + code + " (expected: 0)");
            }
        } finally {
            Node.deleteTree(folder);
        }
    }
}
