package dev.store.jepsen.series;

import dev.store.jepsen.report.JsonFile;
import dev.store.jepsen.report.Page;
import dev.store.jepsen.report.RunRecord;
import dev.store.jepsen.report.Summary;
import dev.store.jepsen.report.SummaryFiles;
import dev.store.jepsen.run.Cell;
import dev.store.jepsen.run.Outcome;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Runs that share a folder, a page and a summary. Who stops it half way has both for the first half; a second series of the
 * same cells in the folder does only what is missing.
 */
public final class Series {
    private static final String INVALID = ".invalid-";
    private static final String STOPPED = ".stopped-";

    private final Path folder;
    private final Runs runs;
    private final PrintStream out;
    private final List<Page.Section> sections = new ArrayList<>();

    /** Does one run and keeps it in a folder. */
    public interface Runs {
        RunRecord run(Cell cell, Path place);
    }

    /**
     * A series.
     *
     * @param folder of all runs
     * @param out for progress
     */
    public Series(Path folder, Runs runs, PrintStream out) {
        this.folder = folder;
        this.runs = runs;
        this.out = out;
    }

    /** Takes what the folder has of a cell, or does it. */
    public RunRecord take(Cell cell) {
        Path place = folder.resolve(cell.name());
        Optional<RunRecord> kept = kept(cell, place);
        if (kept.isPresent()) {
            out.println("kept " + cell + ": " + kept.get().status());
            sections.add(Page.Section.of(kept.get(), place));
            return kept.get();
        }
        RunRecord run = runs.run(cell, place);
        Page.Section section = Page.Section.of(run, place);
        sections.add(section);
        String unused = Page.write(List.of(section), place);
        out.println(write());
        return run;
    }

    /** Ends it; returns the exit code. */
    public int finish() {
        String page = write();
        out.println();
        out.println(summary().totals());
        out.println(page);
        if (sections.stream().anyMatch(section -> section.run().status().equals(RunRecord.VIOLATION))) {
            return Outcome.Status.VIOLATION.exitCode();
        }
        return sections.stream()
                .mapToInt(section ->
                        Outcome.Status.valueOf(section.run().status()).exitCode())
                .max()
                .orElse(Outcome.Status.INVALID_RUN.exitCode());
    }

    Summary summary() {
        return Summary.of(sections.stream().map(Page.Section::run).toList(), setAside());
    }

    private String write() {
        SummaryFiles.write(summary(), folder);
        return Page.write(sections, folder);
    }

    /**
     * What an earlier series left of a cell. A violation stays one: it is never run away. What shows nothing is done again,
     * and its folder gets another name.
     */
    private Optional<RunRecord> kept(Cell cell, Path place) {
        if (!Files.exists(place)) {
            return Optional.empty();
        }
        Path file = place.resolve(RunRecord.FILE);
        if (!Files.exists(file)) {
            putAside(place, STOPPED);
            return Optional.empty();
        }
        RunRecord run = JsonFile.read(file, RunRecord.class);
        if (!run.command().equals(cell.toString())) {
            throw new IllegalArgumentException(file + ": " + run.command() + " (expected: " + cell + ")");
        }
        if (!run.judged()) {
            putAside(place, INVALID);
            return Optional.empty();
        }
        return Optional.of(run);
    }

    private static void putAside(Path place, String why) {
        int number = 1;
        Path target = place.resolveSibling(place.getFileName() + why + number);
        while (Files.exists(target)) {
            number++;
            target = place.resolveSibling(place.getFileName() + why + number);
        }
        try {
            Files.move(place, target);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot move " + place + " to " + target, e);
        }
    }

    /** How many runs were done again because they had shown nothing. */
    private int setAside() {
        if (!Files.exists(folder)) {
            return 0;
        }
        try (Stream<Path> all = Files.list(folder)) {
            return (int) all.filter(path -> path.getFileName().toString().contains(INVALID))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }
}
