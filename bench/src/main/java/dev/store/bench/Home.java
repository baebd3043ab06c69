package dev.store.bench;

import java.nio.file.Files;
import java.nio.file.Path;

/** The checkout whose built server is measured. */
final class Home {
    private static final String SERVER = "store-server/target/dist/lib";

    private Home() {}

    /** The property {@code store.home}, or the closest folder upwards that holds a built server. */
    static Path find() {
        Path start = Path.of(System.getProperty("store.home", "")).toAbsolutePath();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve(SERVER))) {
                return folder;
            }
        }
        throw new IllegalArgumentException(
                "no " + SERVER + " above " + start + " (expected: a built server; run mvn package first)");
    }
}
