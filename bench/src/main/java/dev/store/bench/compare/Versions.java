package dev.store.bench.compare;

import dev.store.bench.cluster.EtcdCluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.zookeeper.version.Info;

/** Which versions ran, as far as they can be told. */
final class Versions {
    private static final String UNKNOWN = "unknown";

    private Versions() {}

    /** By name, for the systems of a setup. */
    static Map<String, Object> of(Setup setup) {
        Map<String, Object> versions = new LinkedHashMap<>();
        for (Peer peer : setup.peers()) {
            switch (peer) {
                case ETCD ->
                    versions.put(
                            "etcd_version",
                            EtcdCluster.find()
                                    .map(program -> firstLine(setup.home(), program.toString(), "--version")
                                            .replace("etcd Version: ", ""))
                                    .orElse(UNKNOWN));
                case STORE, STORE_ETCD ->
                    versions.put("store_commit", firstLine(setup.home(), "git", "describe", "--always", "--dirty"));
                case ZOOKEEPER -> versions.put("zookeeper_version", Info.MAJOR + "." + Info.MINOR + "." + Info.MICRO);
            }
        }
        return versions;
    }

    private static String firstLine(Path folder, String... command) {
        try {
            Process process = new ProcessBuilder(List.of(command))
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? text.lines().findFirst().orElse(UNKNOWN) : UNKNOWN;
        } catch (IOException e) {
            return UNKNOWN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return UNKNOWN;
        }
    }
}
