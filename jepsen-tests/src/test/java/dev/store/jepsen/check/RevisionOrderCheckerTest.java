package dev.store.jepsen.check;

import static dev.store.jepsen.check.Line.cas;
import static dev.store.jepsen.check.Line.mismatch;
import static dev.store.jepsen.check.Line.ok;
import static dev.store.jepsen.check.Line.read;
import static dev.store.jepsen.check.Line.refused;
import static dev.store.jepsen.check.Line.unknown;
import static dev.store.jepsen.check.Line.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.store.jepsen.history.Call;
import java.util.List;
import org.junit.jupiter.api.Test;

class RevisionOrderCheckerTest {
    private static final Timeline TIMELINE = new Timeline(List.of(
            new Change(2, "k", "a"), new Change(3, "other", "x"), new Change(4, "k", "b"), new Change(5, "k", "c")));

    private static final Call OTHER = Line.on("other", write(2, 3, "x", 3));

    private static Verdict check(Call... calls) {
        return new RevisionOrderChecker().check(List.of(calls), TIMELINE);
    }

    @Test
    void answersThatTheTimelineExplainsPass() {
        Verdict verdict = check(
                write(0, 1, "a", 2),
                OTHER,
                cas(4, 7, "a", "b", 4),
                unknown(5, "c"),
                read(6, 8, "a", 3),
                mismatch(9, 10, "a", "z", 4),
                ok(11, 12, "local-read", null, "a", 2));

        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.valid()).isTrue();
    }

    @Test
    void anAcknowledgedWriteThatIsLostIsCaught() {
        assertThat(check(write(0, 1, "a", 2), OTHER, write(4, 5, "b", 4), write(6, 7, "c", 5), write(8, 9, "d", 6))
                        .problems())
                .singleElement()
                .asString()
                .startsWith("an acknowledged write that is lost");
    }

    @Test
    void aReadThatDoesNotMatchItsRevisionIsCaught() {
        assertThat(check(write(0, 1, "a", 2), OTHER, write(4, 5, "b", 4), write(6, 7, "c", 5), read(8, 9, "b", 5))
                        .problems())
                .singleElement()
                .asString()
                .startsWith("a read of something else");
    }

    @Test
    void aStaleReadIsCaughtByRealTime() {
        assertThat(check(write(0, 1, "a", 2), OTHER, write(4, 5, "b", 4), write(6, 7, "c", 5), read(8, 9, "b", 4))
                        .problems())
                .singleElement()
                .asString()
                .startsWith("an answer older than one that was complete before");
    }

    @Test
    void aWriteThatTakesEffectBeforeItWasAskedForIsCaught() {
        assertThat(check(write(0, 1, "a", 2), OTHER, read(4, 5, "b", 4), write(6, 7, "b", 4), unknown(3, "c"))
                        .problems())
                .singleElement()
                .asString()
                .startsWith("a write at revision 4 after");
    }

    @Test
    void aChangeThatNobodyAskedForIsCaught() {
        assertThat(check(write(0, 1, "a", 2), OTHER, write(4, 5, "b", 4)).problems())
                .containsExactly("a change that nobody asked for: r5 k=c");
    }

    @Test
    void aRefusedWriteThatTookEffectIsCaught() {
        assertThat(check(write(0, 1, "a", 2), OTHER, write(4, 5, "b", 4), refused(6, 7, "c"))
                        .problems())
                .singleElement()
                .asString()
                .startsWith("a write that was refused and took effect");
    }

    @Test
    void aWriteThatTookEffectTwiceIsCaught() {
        Timeline twice = new Timeline(List.of(new Change(2, "k", "a"), new Change(3, "k", "a")));

        assertThat(new RevisionOrderChecker()
                        .check(List.of(write(0, 1, "a", 2)), twice)
                        .problems())
                .containsExactly("a write that took effect twice, the second time as r3 k=a");
    }

    @Test
    void aCompareThatHeldAlthoughItShouldNotIsCaught() {
        assertThat(check(write(0, 1, "a", 2), OTHER, cas(4, 5, "z", "b", 4), unknown(6, "c"))
                        .problems())
                .singleElement()
                .asString()
                .startsWith("a compare that held although the value before was");
    }
}
