package dev.store.jepsen.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rows of a table in a document, by the code word in their first column. */
final class MarkdownTable {
    private MarkdownTable() {}

    static Map<String, List<String>> rows(String document, String firstHeading) {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        boolean inside = false;
        for (String line : lines(document)) {
            List<String> cells =
                    Arrays.stream(line.split("\\|")).map(String::strip).toList();
            if (cells.size() < 3) {
                inside = false;
            } else if (cells.get(1).equals(firstHeading)) {
                inside = true;
            } else if (inside && cells.get(1).startsWith("`")) {
                rows.put(word(cells.get(1)), cells.subList(2, cells.size()));
            }
        }
        return rows;
    }

    static String word(String cell) {
        return cell.replace("`", "");
    }

    static List<String> lines(String document) {
        Path file = root().resolve(document);
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("store-api"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
