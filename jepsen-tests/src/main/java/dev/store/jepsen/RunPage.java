package dev.store.jepsen;

import dev.store.jepsen.history.History;
import dev.store.jepsen.report.Page;
import dev.store.jepsen.report.Witness;
import dev.store.jepsen.run.Outcome;
import java.nio.file.Path;

/** Turns outcomes into sections of a page. */
final class RunPage {
    private RunPage() {}

    static Page.Section of(Outcome outcome, Path folder) {
        boolean broken = outcome.status() == Outcome.Status.VIOLATION
                && !outcome.verdicts().isEmpty();
        return new Page.Section(
                outcome.cell().workload().word(),
                outcome.cell().faults().word(),
                outcome.cell().toString(),
                outcome.status().name(),
                outcome.reasons(),
                outcome.faults(),
                outcome.figures(),
                broken ? Witness.of(History.read(folder.resolve("history.edn")), outcome.reasons()) : Witness.NONE);
    }
}
