package dev.store.jepsen.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.client.StoreClient;
import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Cluster;
import dev.store.jepsen.cluster.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whether the disk space of forgotten history comes back, in bytes of the data folder. */
@Timeout(1_800)
class DiskSpaceIT {
    private static final int KEYS = 50;
    private static final int VERSIONS = 40;
    private static final int VALUE_BYTES = 100_000;
    private static final long MIB = 1 << 20;

    @Test
    void theSpaceOfOverwrittenValuesComesBackByItself() {
        try (Cluster cluster = Cluster.start(1, Map.of("history.keep-time", "0s"));
                StoreClient client = StoreClient.builder()
                        .endpoints(cluster.endpoints())
                        .timeout(Duration.ofMinutes(1))
                        .build()) {
            Node node = cluster.node("n1");
            long revision = 0;
            Random random = new Random(1);
            for (int version = 0; version < VERSIONS; version++) {
                for (int key = 0; key < KEYS; key++) {
                    revision = client.kv()
                            .put("space/" + key, value(random))
                            .join()
                            .header()
                            .revision();
                }
            }
            long written = (long) KEYS * VERSIONS * VALUE_BYTES;
            report("written " + written / MIB + " MiB", node);
            long before = bytes(node.data().resolve("db"));

            client.kv().compact(revision, true).join();
            report("compacted", node);

            long live = (long) KEYS * VALUE_BYTES;
            Await.until(
                    Await.PATIENCE,
                    "the space of the database",
                    () -> bytes(node.data().resolve("db")) < 8 * live);
            report("later", node);
            assertThat(before).as("bytes before").isGreaterThan(written / 2);
        }
    }

    private static String value(Random random) {
        StringBuilder text = new StringBuilder(VALUE_BYTES);
        random.ints(VALUE_BYTES, ' ', '~').forEach(c -> text.append((char) c));
        return text.toString();
    }

    private static void report(String what, Node node) {
        System.out.println("disk space, " + what + ": whole " + bytes(node.data()) / MIB + " MiB, database "
                + bytes(node.data().resolve("db")) / MIB + " MiB, log "
                + bytes(node.data().resolve("raft")) / MIB + " MiB, snapshots "
                + bytes(node.data().resolve("snapshots")) / MIB + " MiB");
    }

    /** Bytes of all files; a file with several names counts once, as it does on disk. */
    private static long bytes(Path folder) {
        Set<Object> counted = new HashSet<>();
        long[] bytes = {0};
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(Files::isRegularFile).forEach(file -> {
                try {
                    Map<String, Object> attributes = Files.readAttributes(file, "unix:ino,size");
                    if (counted.add(attributes.get("ino"))) {
                        bytes[0] += (Long) attributes.get("size");
                    }
                } catch (NoSuchFileException e) {
                    // Deleted meanwhile.
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes[0];
    }
}
