package dev.store.jepsen.seed;

import dev.store.jepsen.cluster.Distribution;
import dev.store.jepsen.cluster.RigException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Classes with a defect, made of the product's sources by the run: they stand before those of the distribution on the class
 * path of its nodes, and nowhere else. An edit that finds no place any more fails, so that no defect is tested that is none.
 */
final class Patch {
    private static final String RELEASE = "17";

    private Patch() {}

    /** Compiles changed sources into a folder. */
    static Path compile(List<Edit> edits, Path folder) {
        Distribution distribution = Distribution.find();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new RigException("seeded bugs need a JDK, this is a JRE");
        }
        Path classes = folder.resolve("classes");
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            Files.createDirectories(classes);
            List<Path> sources = write(edits, distribution.home(), folder);
            boolean compiled = compiler.getTask(
                            messages,
                            files,
                            null,
                            List.of(
                                    "--release",
                                    RELEASE,
                                    "-proc:none",
                                    "-nowarn",
                                    "-cp",
                                    distribution.classPath(List.of()),
                                    "-d",
                                    classes.toString()),
                            null,
                            files.getJavaFileObjectsFromPaths(sources))
                    .call();
            if (!compiled) {
                throw new RigException("a seeded bug does not compile: " + messages);
            }
            return classes;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to " + folder, e);
        }
    }

    private static List<Path> write(List<Edit> edits, Path home, Path folder) throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Edit edit : edits) {
            String text = texts.containsKey(edit.file())
                    ? texts.get(edit.file())
                    : Files.readString(home.resolve(edit.file()));
            texts.put(edit.file(), apply(edit, text));
        }
        List<Path> sources = new ArrayList<>();
        for (Map.Entry<String, String> text : texts.entrySet()) {
            Path source = folder.resolve("sources").resolve(text.getKey());
            Files.createDirectories(source.getParent());
            Files.writeString(source, text.getValue());
            sources.add(source);
        }
        return sources;
    }

    static String apply(Edit edit, String text) {
        int at = text.indexOf(edit.before());
        if (at < 0 || text.indexOf(edit.before(), at + 1) >= 0) {
            throw new RigException(edit.file() + " has \"" + edit.before()
                    + "\" not exactly once (expected: once; mend the seeded bug)");
        }
        return text.replace(edit.before(), edit.after());
    }
}
