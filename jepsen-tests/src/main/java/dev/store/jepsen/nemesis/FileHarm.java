package dev.store.jepsen.nemesis;

import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Cluster;
import dev.store.jepsen.cluster.NoBiteException;
import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.cluster.RigException;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Files of one node that are damaged while it is down and all others stand at one index: what the damage takes away is on
 * all others. The node then comes back by itself, or stops and says so; then it is replaced as its message says.
 */
final class FileHarm {
    private static final int BLOCK = 4096;

    private FileHarm() {}

    private interface Damage {
        String to(RandomAccessFile file, long length) throws IOException;
    }

    static String flip(Scene scene) {
        return damage(scene, DataFile.any(scene.random()), (file, length) -> {
            long at = scene.random().nextLong(length);
            int count = 1 + scene.random().nextInt(4);
            for (long place = at; place < Math.min(length, at + count); place++) {
                file.seek(place);
                int old = file.read();
                file.seek(place);
                file.write(old ^ (1 + scene.random().nextInt(255)));
            }
            return count + " bytes flipped at " + at;
        });
    }

    static String zero(Scene scene) {
        return damage(scene, DataFile.any(scene.random()), (file, length) -> {
            long at = scene.random().nextLong(length) / BLOCK * BLOCK;
            file.seek(at);
            file.write(new byte[(int) Math.min(BLOCK, length - at)]);
            return "block zeroed at " + at;
        });
    }

    static String truncate(Scene scene) {
        return damage(scene, DataFile.any(scene.random()), (file, length) -> {
            long to = scene.random().nextLong(length);
            file.setLength(to);
            return "cut from " + length + " to " + to + " bytes";
        });
    }

    /** The last record of the open segment is written in part: zeros follow, as the file was made in advance. */
    static String tearLog(Scene scene) {
        return damage(scene, DataFile.OPEN_LOG, (file, length) -> {
            long end = written(file, length);
            long torn = 1 + scene.random().nextLong(Math.min(64, Math.max(1, end - 16)));
            file.seek(end - torn);
            file.write(new byte[(int) torn]);
            return "the last " + torn + " of " + end + " bytes torn off";
        });
    }

    private static String damage(Scene scene, DataFile kind, Damage damage) {
        Cluster cluster = scene.cluster();
        Node victim = scene.anyNode();
        victim.kill();
        cluster.awaitReady(Scene.HEAL);
        Path file = kind.choose(victim.data(), scene.random())
                .or(() -> DataFile.OPEN_LOG.choose(victim.data(), scene.random()))
                .orElseThrow(() -> new RigException("no " + kind + " in " + victim.data()));
        String done = hurt(file, damage);
        victim.start();
        return victim.data().relativize(file) + ": " + done + "; " + comesBack(cluster, victim);
    }

    private static String hurt(Path path, Damage damage) {
        try {
            byte[] before = Files.readAllBytes(path);
            String done;
            try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                done = before.length == 0 ? "empty" : damage.to(file, before.length);
            }
            if (Arrays.equals(before, Files.readAllBytes(path))) {
                // A block that was zero before, a tail that ended in zeros: then at least one byte is made another one.
                try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                    file.seek(0);
                    file.write(before.length == 0 ? 1 : before[0] ^ 0xff);
                }
                done = "first byte flipped";
            }
            if (Arrays.equals(before, Files.readAllBytes(path))) {
                throw new NoBiteException(path + " is as it was: the fault did not bite");
            }
            return done;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot damage " + path, e);
        }
    }

    /** Starts a node that has stopped by itself, and replaces it if it does not come back so. */
    static String restart(Cluster cluster, Node node) {
        node.start();
        return comesBack(cluster, node);
    }

    /** Waits until the node serves or stops; one that serves must be able to read all that it has. */
    private static String comesBack(Cluster cluster, Node victim) {
        long revision =
                cluster.awaitLeader(Scene.HEAL).client().status().getHeader().getRevision();
        boolean back = Await.answer(Scene.HEAL, victim + " to serve or to stop", () -> {
            if (!victim.isRunning()) {
                return Optional.of(false);
            }
            return victim.client().status().getHeader().getRevision() >= revision
                    ? Optional.of(true)
                    : Optional.empty();
        });
        if (back && readsAll(victim)) {
            return Recovery.BY_ITSELF.words();
        }
        if (victim.isRunning()) {
            victim.kill();
            Members.replace(cluster, victim);
            return Recovery.UNREADABLE.words() + "; replaced";
        }
        int code = victim.awaitExit(Scene.HEAL);
        Members.replace(cluster, victim);
        return Recovery.STOPPED.words() + " " + code + "; replaced";
    }

    private static boolean readsAll(Node node) {
        try {
            return node.client()
                    .hash(node.client().status().getHeader().getRevision())
                    .isInitialized();
        } catch (StatusRuntimeException e) {
            return false;
        }
    }

    /** Where the zeros at the end begin. */
    private static long written(RandomAccessFile file, long length) throws IOException {
        byte[] all = new byte[(int) length];
        file.seek(0);
        file.readFully(all);
        int end = all.length;
        while (end > 0 && all[end - 1] == 0) {
            end--;
        }
        return Math.max(end, 32);
    }

    /** Kinds of files in a data folder. */
    private enum DataFile {
        OPEN_LOG("/raft/", "log_inprogress_.*"),
        CLOSED_LOG("/raft/", "log_\\d+-\\d+"),
        META("/raft/", "raft-meta.*"),
        SST("/db/", ".*\\.sst"),
        MANIFEST("/db/", "MANIFEST-.*"),
        CURRENT("/db/", "CURRENT"),
        WAL("/db/", "\\d+\\.log"),
        SNAPSHOT("/snapshots/", ".*");

        private final String folder;
        private final String pattern;

        DataFile(String folder, String pattern) {
            this.folder = folder;
            this.pattern = pattern;
        }

        static DataFile any(java.util.Random random) {
            return values()[random.nextInt(values().length)];
        }

        Optional<Path> choose(Path data, java.util.Random random) {
            try (Stream<Path> all = Files.walk(data)) {
                List<Path> found = all.filter(Files::isRegularFile)
                        .filter(path -> path.toString().contains(folder))
                        .filter(path -> path.getFileName().toString().matches(pattern))
                        .sorted()
                        .toList();
                return found.isEmpty() ? Optional.empty() : Optional.of(found.get(random.nextInt(found.size())));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot list " + data, e);
            }
        }
    }
}
