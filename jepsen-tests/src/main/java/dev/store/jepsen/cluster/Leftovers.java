package dev.store.jepsen.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What runs that were killed have left behind: namespaces, bridges, mounts and folders. All are named after the process
 * that made them, so that those of a run that lives are left alone.
 */
public final class Leftovers {
    static final String FOLDER = "store-jepsen-";

    private static final Pattern SPACE = Pattern.compile("^(sj(\\d+)(?:x\\d+)?-\\S+)", Pattern.MULTILINE);
    private static final Pattern LINK = Pattern.compile("^\\d+: (j[bv](\\d+)x\\d+[a-z0-9]*)", Pattern.MULTILINE);
    private static final Pattern OWNED = Pattern.compile(FOLDER + "(\\d+)-");

    private Leftovers() {}

    /** Removes what dead runs have left; returns what it was. */
    public static List<String> remove() {
        List<String> removed = new ArrayList<>();
        if (Shell.isRoot()) {
            if (Shell.has("ip")) {
                each(SPACE, Shell.run("ip", "netns", "list"), removed, "ip", "netns", "del");
                each(LINK, Shell.run("ip", "-o", "link", "show"), removed, "ip", "link", "del");
            }
            for (String mount : mounts()) {
                if (ownerIsDead(mount) && Shell.succeeds("umount", "-l", mount)) {
                    removed.add(mount);
                }
            }
        }
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        try (Stream<Path> folders = Files.list(temporary)) {
            for (Path folder :
                    folders.filter(path -> ownerIsDead(path.toString())).toList()) {
                Node.deleteTree(folder);
                removed.add(folder.toString());
            }
        } catch (IOException e) {
            throw new RigException("cannot list " + temporary, e);
        }
        return removed;
    }

    private static void each(Pattern pattern, String listing, List<String> removed, String... command) {
        Matcher matcher = pattern.matcher(listing);
        while (matcher.find()) {
            if (dead(Long.parseLong(matcher.group(2)))) {
                List<String> all = new ArrayList<>(List.of(command));
                all.add(matcher.group(1));
                if (Shell.succeeds(all.toArray(String[]::new))) {
                    removed.add(matcher.group(1));
                }
            }
        }
    }

    private static List<String> mounts() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/mounts"))) {
            return lines.map(line -> line.split(" ", -1)[1])
                    .filter(mount -> mount.contains(FOLDER))
                    .toList();
        } catch (IOException e) {
            throw new RigException("cannot read /proc/mounts", e);
        }
    }

    private static boolean ownerIsDead(String path) {
        Matcher matcher = OWNED.matcher(path);
        return matcher.find() && dead(Long.parseLong(matcher.group(1)));
    }

    private static boolean dead(long pid) {
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        return process.isEmpty() || !process.get().isAlive();
    }
}
