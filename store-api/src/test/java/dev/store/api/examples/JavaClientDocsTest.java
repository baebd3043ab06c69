package dev.store.api.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/java-client.md shows compiles: each of its Java blocks is a part of {@link JavaClientExamples}. */
class JavaClientDocsTest {
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    private static String squeezed(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    @Test
    void everyExampleOfTheDocumentationCompiles() throws IOException {
        Path module = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
        String source = squeezed(
                Files.readString(module.resolve("src/test/java/dev/store/api/examples/JavaClientExamples.java")));
        Matcher blocks = BLOCK.matcher(Files.readString(module.resolveSibling("docs/java-client.md")));

        List<String> examples = new ArrayList<>();
        while (blocks.find()) {
            examples.add(squeezed(blocks.group(1)));
        }

        assertThat(examples).hasSizeGreaterThan(5).allSatisfy(example -> assertThat(source)
                .contains(example));
    }
}
