package dev.store.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.error.ErrorCode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExitCodeTest {
    @ParameterizedTest
    @EnumSource
    void whatMayBeRetriedWithoutDoubtIsUnavailable(ErrorCode code) {
        int exitCode = ExitCode.of(code);

        assertThat(exitCode).isBetween(ExitCode.NO, ExitCode.FAILED);
        if (code.retryable() && code.outcome() == ErrorCode.Outcome.DEFINITE) {
            assertThat(exitCode).isEqualTo(ExitCode.UNAVAILABLE);
        }
        if (exitCode == ExitCode.UNKNOWN) {
            assertThat(code.outcome()).isEqualTo(ErrorCode.Outcome.UNKNOWN);
        }
    }
}
