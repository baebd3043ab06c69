package dev.store.jepsen.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WatchGuaranteesCheckerTest {
    private static final Change A = new Change(2, "a", "1");
    private static final Change B = new Change(3, "b", "1");
    private static final Change B2 = new Change(3, "c", "1");
    private static final Change C = new Change(4, "a", null);
    private static final Change D = new Change(6, "d", "1");
    private static final Timeline TIMELINE = new Timeline(List.of(A, B, B2, C, D));

    private static List<String> problems(Sighting... sightings) {
        return new WatchGuaranteesChecker()
                .check("w", List.of(sightings), change -> true, TIMELINE, 6)
                .problems();
    }

    private static Sighting began(long revision) {
        return new Sighting.Began(revision);
    }

    private static Sighting events(Change... changes) {
        return new Sighting.Events(List.of(changes), false);
    }

    @Test
    void aWatcherThatSeesEverythingPasses() {
        assertThat(problems(
                        began(2),
                        events(A),
                        new Sighting.Progress(2),
                        events(B, B2, C),
                        began(5),
                        new Sighting.Progress(5),
                        events(D)))
                .isEmpty();
        assertThat(problems(began(3), events(B, B2), events(C), events(D))).isEmpty();
    }

    @Test
    void onlyWhatWasAskedForIsExpected() {
        Verdict verdict = new WatchGuaranteesChecker()
                .check(
                        "w",
                        List.of(began(1), events(A), events(C)),
                        change -> change.key().equals("a"),
                        TIMELINE,
                        6);

        assertThat(verdict.valid()).as(verdict.toString()).isTrue();
    }

    @Test
    void orderedIsChecked() {
        assertThat(problems(began(2), events(A), events(C), events(B, B2), events(D)))
                .anySatisfy(problem -> assertThat(problem).startsWith("Ordered").contains("r3 b=1 after revision 4"));
    }

    @Test
    void uniqueIsChecked() {
        assertThat(problems(began(2), events(A), events(B, B2, C), events(D, D)))
                .singleElement()
                .asString()
                .startsWith("Unique")
                .contains("r6 d=1 again");
    }

    @Test
    void reliableIsChecked() {
        assertThat(problems(began(2), events(A), events(C), events(D)))
                .hasSize(2)
                .allMatch(p -> p.startsWith("Reliable"));
        assertThat(problems(began(2), events(A), events(B, B2, C)))
                .singleElement()
                .asString()
                .startsWith("Reliable")
                .contains("r6 d=1 is missing");
    }

    @Test
    void eventsThatNeverHappenedAreCaught() {
        assertThat(problems(began(2), events(A), events(B, B2, C), events(new Change(6, "d", "2"))))
                .anySatisfy(problem -> assertThat(problem).contains("r6 d=2 never happened"));
    }

    @Test
    void atomicIsChecked() {
        assertThat(problems(began(2), events(A), events(B), events(B2), events(C), events(D)))
                .anySatisfy(problem -> assertThat(problem).startsWith("Atomic"));
        assertThat(problems(
                        began(2), events(A), new Sighting.Events(List.of(B), true), events(B2), events(C), events(D)))
                .isEmpty();
    }

    @Test
    void resumableIsChecked() {
        assertThat(problems(began(2), events(A), began(4), events(C), events(D)))
                .anySatisfy(
                        problem -> assertThat(problem).startsWith("Resumable").contains("began again at 4"));
        assertThat(problems(began(2), events(A), began(3), events(C), events(D)))
                .allMatch(problem -> problem.startsWith("Resumable"))
                .hasSize(2);
        assertThat(problems(began(2), events(A), events(B, B2), began(4), events(B, B2), events(C), events(D)))
                .anySatisfy(
                        problem -> assertThat(problem).startsWith("Resumable").contains("again"));
    }

    @Test
    void bookmarkableIsChecked() {
        assertThat(problems(began(2), events(A), new Sighting.Progress(3), events(B, B2, C), events(D)))
                .anySatisfy(problem ->
                        assertThat(problem).startsWith("Bookmarkable").contains("is missing"))
                .anySatisfy(problem ->
                        assertThat(problem).startsWith("Bookmarkable").contains("after progress at 3"));
    }

    @Test
    void aWatchThatNeverBeganIsNoPass() {
        assertThat(problems()).containsExactly("the watch never began");
    }

    @Test
    void whatLiesBelowTheCompactionRevisionMayBeMissed() {
        assertThat(problems(began(2), events(A), new Sighting.Compacted(4), began(4), events(C), events(D)))
                .isEmpty();
    }

    @Test
    void aChangeAtTheCompactionRevisionMayNotBeMissed() {
        assertThat(problems(began(2), events(A), new Sighting.Compacted(4), began(4), events(D)))
                .anySatisfy(problem -> assertThat(problem).contains("r4 a deleted is missing"));
    }

    @Test
    void aRefusalOfWhatIsStillKeptIsCaught() {
        assertThat(problems(
                        began(2), events(A), new Sighting.Compacted(2), began(3), events(B, B2), events(C), events(D)))
                .anySatisfy(problem -> assertThat(problem).contains("refused as compacted"));
    }
}
