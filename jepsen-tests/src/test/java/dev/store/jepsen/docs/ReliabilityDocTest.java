package dev.store.jepsen.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.jepsen.nemesis.FaultGroup;
import dev.store.jepsen.run.WorkloadKind;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ReliabilityDocTest {
    private static final String DOCUMENT = "docs/reliability.md";

    @Test
    void theDocumentNamesEveryWorkload() {
        assertThat(MarkdownTable.rows(DOCUMENT, "workload").keySet())
                .containsExactlyElementsOf(Arrays.stream(WorkloadKind.values())
                        .map(WorkloadKind::word)
                        .toList());
    }

    @Test
    void theDocumentNamesEveryGroupOfFaults() {
        String text = String.join("\n", MarkdownTable.lines(DOCUMENT));

        for (FaultGroup group : FaultGroup.values()) {
            assertThat(text).contains("`" + group.word() + "`");
        }
    }
}
