package dev.store.jepsen.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The built product, as a user has it on disk.
 *
 * @param home root of the checkout
 */
public record Distribution(Path home) {
    private static final String SERVER_LIB = "store-server/target/dist/lib";

    /** By home: what this JVM has asked for once. */
    private static final Map<Path, Path> ARCHIVES = new ConcurrentHashMap<>();

    /** The distribution of this checkout: the closest folder upwards that holds one, or the property {@code store.home}. */
    public static Distribution find() {
        String named = System.getProperty("store.home");
        Path start = Path.of(named == null ? "" : named).toAbsolutePath();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve(SERVER_LIB))) {
                return new Distribution(folder);
            }
        }
        throw new RigException(
                "no " + SERVER_LIB + " above " + start + " (expected: a built server; run mvn package first)");
    }

    /** Where its jars are. */
    Path lib() {
        return home.resolve(SERVER_LIB);
    }

    /** The command {@code store}. */
    public Path command() {
        return home.resolve("bin/store");
    }

    /** The Java command that runs this JVM. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Command line of the server's main class, small enough that three fit on a laptop; arguments follow. */
    List<String> serverCommand(List<Path> patches) {
        List<String> command = new ArrayList<>(List.of(
                java(),
                "-Xms32m",
                "-Xmx256m",
                "-XX:MaxDirectMemorySize=128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError"));
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        if (patches.isEmpty()) {
            // Other classes first are another class path, for which the archive does not hold.
            command.addAll(archiveFlags());
        }
        command.add("-cp");
        command.add(classPath(patches));
        command.add("dev.store.server.ServerMain");
        return command;
    }

    /**
     * Flags for the archive of a server's classes that {@code bin/store} makes, if it can: without it, nodes only
     * start more slowly.
     */
    private List<String> archiveFlags() {
        Path archive = ARCHIVES.computeIfAbsent(home, any -> prepare());
        if (archive.toFile().length() == 0) {
            return List.of();
        }
        // That a build has replaced what the archive was made of is no news.
        return Runtime.version().feature() < 25
                ? List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:cds*=off")
                : List.of("-XX:AOTCache=" + archive, "-Xlog:cds*=off", "-Xlog:aot*=off");
    }

    /** Has the archive made if it is missing or older than the build; where it is. */
    private Path prepare() {
        List<String> command = List.of(command().toString(), "server", "prepare");
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        try {
            Process process = builder.start();
            int code = process.waitFor();
            if (code != 0) {
                throw new RigException(command + " ended with " + code + " (expected: 0)");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RigException("interrupted while " + command + " ran", e);
        }
        String version = System.getProperty("java.version").replaceFirst("[^0-9.].*", "");
        return lib().resolveSibling("classes-" + version);
    }

    /** What a server runs with: these jars or folders first, then those of the distribution. */
    public String classPath(List<Path> first) {
        try (Stream<Path> jars = Files.list(lib())) {
            Stream<String> rest =
                    jars.map(Path::toString).filter(jar -> jar.endsWith(".jar")).sorted();
            return Stream.concat(first.stream().map(Path::toString), rest)
                    .collect(Collectors.joining(java.io.File.pathSeparator));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + lib(), e);
        }
    }
}
