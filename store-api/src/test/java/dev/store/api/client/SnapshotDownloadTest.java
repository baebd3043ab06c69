package dev.store.api.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot appears under its name only when it is whole. */
@Timeout(60)
class SnapshotDownloadTest {
    @TempDir
    private Path folder;

    private final byte[] bytes = new byte[300_000];

    @Test
    void aVerifiedSnapshotIsWrittenAndAnotherDoesNotOverwriteIt() throws Exception {
        new Random(1).nextBytes(bytes);
        Path target = folder.resolve("backup");
        try (FakeMember member = FakeMember.start(new FakeStore(), 1, new FakeSnapshotService(bytes, false));
                StoreClient client = StoreClient.connect(member.endpoint())) {
            SnapshotReceipt receipt = client.maintenance().snapshot(target).join();

            assertThat(receipt.bytes()).isEqualTo(bytes.length);
            assertThat(receipt.appliedIndex()).isEqualTo(12);
            assertThat(receipt.sha256()).hasSize(64);
            assertThat(target).hasBinaryContent(bytes);
            assertThat(catchThrowable(client.maintenance().snapshot(target)::join))
                    .hasCauseInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("exists");
        }
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void aSnapshotWithAWrongHashLeavesNothingAndTheNextMemberIsAsked() throws Exception {
        Path target = folder.resolve("backup");
        try (FakeMember wrong = FakeMember.start(new FakeStore(), 1, new FakeSnapshotService(bytes, true));
                FakeMember right = FakeMember.start(new FakeStore(), 2, new FakeSnapshotService(bytes, false))) {
            try (StoreClient client = StoreClient.connect(wrong.endpoint())) {
                Throwable failure = catchThrowable(client.maintenance().snapshot(target)::join);

                assertThat(GrpcErrors.fromGrpc(failure).code()).isEqualTo(ErrorCode.CONNECTION_LOST);
                assertThat(failure).hasMessageContaining("SHA-256");
                try (var files = Files.list(folder)) {
                    assertThat(files).isEmpty();
                }
            }
            try (StoreClient client = StoreClient.builder()
                    .endpoints(List.of(wrong.endpoint(), right.endpoint()))
                    .inOrder()
                    .build()) {
                client.maintenance().snapshot(target).join();

                assertThat(target).hasBinaryContent(bytes);
            }
        }
    }
}
