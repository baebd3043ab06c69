package dev.store.jepsen.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The built product, as a user has it on disk.
 *
 * @param home root of the checkout
 * @param flags further flags of its JVMs
 */
public record Distribution(Path home, List<String> flags) {
    private static final String SERVER_LIB = "store-server/target/dist/lib";

    public Distribution {
        flags = List.copyOf(flags);
    }

    /** The distribution of this checkout: the closest folder upwards that holds one, or the property {@code store.home}. */
    public static Distribution find() {
        String named = System.getProperty("store.home");
        Path start = Path.of(named == null ? "" : named).toAbsolutePath();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve(SERVER_LIB))) {
                return new Distribution(folder, List.of());
            }
        }
        throw new RigException(
                "no " + SERVER_LIB + " above " + start + " (expected: a built server; run mvn package first)");
    }

    /** The same with one more flag for its JVMs. */
    Distribution with(String flag) {
        return new Distribution(
                home, Stream.concat(flags.stream(), Stream.of(flag)).toList());
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
        command.addAll(flags);
        if (patches.isEmpty()) {
            // Other classes first are another class path, for which the archive does not hold.
            command.addAll(ClassArchive.flags(this));
        }
        command.add("-cp");
        command.add(classPath(patches));
        command.add("dev.store.server.ServerMain");
        return command;
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
