package dev.store.jepsen.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.error.ErrorCode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ErrorsDocTest {
    private final Map<String, List<String>> rows = MarkdownTable.rows("docs/errors.md", "code");

    @Test
    void everyCodeIsDescribedAndNoOther() {
        assertThat(rows.keySet())
                .containsExactlyElementsOf(
                        Arrays.stream(ErrorCode.values()).map(Enum::name).toList());
    }

    @Test
    void theFactsAreThoseOfTheCode() {
        for (ErrorCode code : ErrorCode.values()) {
            List<String> row = rows.getOrDefault(code.name(), List.of());

            assertThat(row).as(code.name()).hasSize(5);
            assertThat(MarkdownTable.word(row.get(0)))
                    .as(code.name())
                    .isEqualTo(code.grpcCode().name());
            assertThat(row.get(1)).as(code.name()).isEqualTo(code.retryable() ? "yes" : "no");
            assertThat(row.get(2))
                    .as(code.name())
                    .isEqualTo(code.outcome().name().toLowerCase(Locale.ROOT));
            assertThat(row.get(3)).as(code.name()).isNotBlank();
            assertThat(row.get(4)).as(code.name()).isNotBlank();
        }
    }
}
