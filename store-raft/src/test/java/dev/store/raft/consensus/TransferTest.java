package dev.store.raft.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import org.apache.ratis.protocol.RaftPeerId;
import org.junit.jupiter.api.Test;

class TransferTest {
    private static final RaftPeerId OLD = RaftPeerId.valueOf("n1");
    private static final RaftPeerId TARGET = RaftPeerId.valueOf("n2");
    private static final RaftPeerId THIRD = RaftPeerId.valueOf("n3");
    private static final Transfer NAMED = new Transfer(OLD, TARGET, false, 7);
    private static final Transfer ANY = new Transfer(OLD, TARGET, true, 7);

    @Test
    void electionThatTheOldLeaderWinsAgainIsToBeAskedForAgain() {
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> NAMED.failed(OLD, 9, "DIFFERENT_LEADER"))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_LEADER))
                .withMessageContaining("\"n2\": DIFFERENT_LEADER");
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> ANY.failed(OLD, 9, "DIFFERENT_LEADER"))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_LEADER));
    }

    @Test
    void electionThatAThirdWinsIsToBeAskedForAgainUnlessAnyOtherWouldDo() {
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> NAMED.failed(THIRD, 8, "DIFFERENT_LEADER"))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_LEADER));
        assertThat(ANY.failed(THIRD, 8, "DIFFERENT_LEADER")).isEqualTo("n3");
    }

    @Test
    void targetThatIsFoundLeadingAfterAllHasBeenHandedLeadership() {
        assertThat(NAMED.failed(TARGET, 8, "TIMED_OUT")).isEqualTo("n2");
    }

    @Test
    void transferThatLedToNoElectionIsNotAskedForAgain() {
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> NAMED.failed(OLD, 7, "TIMED_OUT(2s)"))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_READY));
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> NAMED.failed(null, 7, "TIMED_OUT(2s)"))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_READY));
    }
}
