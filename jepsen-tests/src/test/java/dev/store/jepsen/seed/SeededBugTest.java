package dev.store.jepsen.seed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.store.jepsen.cluster.RigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SeededBugTest {
    @ParameterizedTest
    @EnumSource(SeededBug.class)
    void itsPlaceIsStillThereInTheSources(SeededBug bug) throws IOException {
        for (Edit edit : bug.edits()) {
            String text = Files.readString(root().resolve(edit.file()));

            assertThat(Patch.apply(edit, text)).isNotEqualTo(text);
        }
    }

    @Test
    void anEditWithoutAPlaceIsRefused() {
        assertThatThrownBy(() -> Patch.apply(new Edit("A.java", "x", "y"), "a b"))
                .isInstanceOf(RigException.class)
                .hasMessageContaining("not exactly once");
        assertThatThrownBy(() -> Patch.apply(new Edit("A.java", "x", "y"), "x x"))
                .isInstanceOf(RigException.class);
    }

    /** The root of the checkout; here nothing need be built. */
    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Files.isDirectory(here.resolve("store-raft")) ? here : here.resolveSibling("");
    }
}
