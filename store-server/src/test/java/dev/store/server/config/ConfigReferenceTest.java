package dev.store.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigReferenceTest {
    private static final String BEGIN = "<!-- keys: begin -->\n";
    private static final String END = "<!-- keys: end -->\n";

    /** Run with {@code -Ddocs.write=true} to bring the page up to date. */
    @Test
    void thePageOnConfigurationDescribesExactlyTheKeysOfTheCode() throws IOException {
        Path page = Path.of("../docs/configuration.md");
        String text = Files.readString(page);
        int from = text.indexOf(BEGIN) + BEGIN.length();
        int to = text.indexOf(END);
        if (Boolean.getBoolean("docs.write")) {
            text = text.substring(0, from) + ConfigReference.markdown() + "\n" + text.substring(to);
            Files.writeString(page, text);
            to = text.indexOf(END);
        }

        assertThat(text.substring(from, to)).isEqualTo(ConfigReference.markdown() + "\n");
    }

    @Test
    void noEnvironmentVariableStandsForTwoKeys() {
        assertThat(Keys.all().stream().map(Key::environmentName)).doesNotHaveDuplicates();
        assertThat(Keys.all().stream().map(Key::name)).doesNotHaveDuplicates();
    }

    @Test
    void helpFitsATerminal() {
        assertThat(ConfigReference.flags()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120));
    }
}
