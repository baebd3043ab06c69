package dev.store.jepsen.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GuaranteesDocTest {
    private static final Pattern NAMED = Pattern.compile("`(\\w+(?:Test|IT))(?:#(\\w+))?`");

    @Test
    void everyTestThatTheDocumentsNameExists() throws IOException {
        int named = 0;
        for (String document : List.of("docs/guarantees.md", "ARCHITECTURE.md")) {
            Matcher matcher = NAMED.matcher(String.join("\n", MarkdownTable.lines(document)));
            while (matcher.find()) {
                named++;
                Optional<Path> source = source(matcher.group(1) + ".java");
                assertThat(source).as(document + " names " + matcher.group(1)).isPresent();
                if (matcher.group(2) != null) {
                    assertThat(Files.readString(source.orElseThrow()))
                            .as(document + " names " + matcher.group())
                            .contains("void " + matcher.group(2) + "(");
                }
            }
        }
        assertThat(named).isGreaterThan(10);
    }

    private static Optional<Path> source(String fileName) throws IOException {
        List<Path> folders = new ArrayList<>();
        try (Stream<Path> modules = Files.list(MarkdownTable.root())) {
            modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .forEach(folders::add);
        }
        for (Path folder : folders) {
            try (Stream<Path> files = Files.walk(folder)) {
                Optional<Path> found = files.filter(
                                file -> file.getFileName().toString().equals(fileName))
                        .findFirst();
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }
}
