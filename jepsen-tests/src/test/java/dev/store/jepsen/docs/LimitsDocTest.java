package dev.store.jepsen.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LimitsDocTest {
    private static final Pattern CODE = Pattern.compile("`([A-Z_]+)`");

    private final Map<String, List<String>> rows = MarkdownTable.rows("docs/limits.md", "constant");

    @Test
    void everyLimitIsDescribedWithItsValueAndNoOther() throws Exception {
        List<Field> constants = Arrays.stream(Limits.class.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()))
                .toList();

        assertThat(rows.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        constants.stream().map(Field::getName).toList());
        for (Field constant : constants) {
            List<String> row = rows.getOrDefault(constant.getName(), List.of());
            assertThat(row).as(constant.getName()).hasSize(3);
            assertThat(row.get(0)).as(constant.getName()).isEqualTo(text(constant.get(null)));
            assertThat(row.get(2)).as(constant.getName()).isNotBlank();
        }
    }

    @Test
    void everyErrorNamedIsOne() {
        List<String> codes = Arrays.stream(ErrorCode.values()).map(Enum::name).collect(Collectors.toList());

        rows.forEach((constant, row) -> {
            Matcher matcher = CODE.matcher(row.get(2));
            while (matcher.find()) {
                assertThat(codes).as(constant).contains(matcher.group(1));
            }
        });
    }

    private static String text(Object value) {
        if (!(value instanceof Duration duration)) {
            return String.valueOf(value);
        }
        if (duration.toMillis() % 1_000 != 0) {
            return duration.toMillis() + " ms";
        }
        if (duration.toHours() >= 24) {
            return duration.toDays() + " d";
        }
        if (duration.toMinutes() >= 60) {
            return duration.toHours() + " h";
        }
        return duration.toSeconds() >= 60 ? duration.toMinutes() + " min" : duration.toSeconds() + " s";
    }
}
