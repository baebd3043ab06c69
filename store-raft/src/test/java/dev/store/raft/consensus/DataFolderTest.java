package dev.store.raft.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    private static final UUID CLUSTER = UUID.randomUUID();

    @TempDir
    Path folder;

    @Test
    void folderIsTakenIntoUseAgainAndAgain() throws IOException {
        open("n1", CLUSTER).close();
        String identity = Files.readString(folder.resolve("IDENTITY"));

        open("n1", CLUSTER).close();

        assertThat(Files.readString(folder.resolve("IDENTITY")))
                .isEqualTo(identity)
                .contains("member=n1");
    }

    @Test
    void folderInUseIsRefused() throws IOException {
        try (DataFolder used = open("n1", CLUSTER)) {
            assertThat(used).isNotNull();
            refused("n1", CLUSTER, "in use by another process");
        }
        open("n1", CLUSTER).close();
    }

    @Test
    void folderOfAnotherMemberOrClusterIsRefused() throws IOException {
        open("n1", CLUSTER).close();

        refused("n2", CLUSTER, "belongs to member \"n1\" (expected: \"n2\")");
        UUID other = UUID.randomUUID();
        refused("n1", other, "belongs to cluster " + CLUSTER + " (expected: " + other + ")");
    }

    @Test
    void folderOfANewerFormatIsRefused() throws IOException {
        DataFolder.write(folder, new DataFolder.Identity(DataFolder.FORMAT + 1, "n1", CLUSTER, 1));

        refused("n1", CLUSTER, "format 2 (expected: at most 1)");
    }

    @Test
    void folderWithDataButWithoutIdentityIsRefused() throws IOException {
        Files.createDirectories(folder.resolve("raft"));

        refused("n1", CLUSTER, "holds data but no file IDENTITY");
    }

    @Test
    void folderOfADivergedMemberIsRefused() throws IOException {
        open("n1", CLUSTER).close();
        DataFolder.markDiverged(folder, "at log index 7");

        refused("n1", CLUSTER, "at log index 7");
        refused("n1", CLUSTER, "add the member again");
    }

    @Test
    void damagedIdentityIsRefused() throws IOException {
        Files.writeString(folder.resolve("IDENTITY"), "format=1\nmember=n1\n");

        refused("n1", CLUSTER, "it is damaged");
    }

    private void refused(String member, UUID cluster, String message) {
        assertThatThrownBy(() -> open(member, cluster))
                .isInstanceOf(ReplicaException.class)
                .hasMessageContaining(message);
    }

    private DataFolder open(String member, UUID cluster) {
        PeerAddress self = new PeerAddress(member, "127.0.0.1:1", "127.0.0.1:2");
        return DataFolder.open(ReplicaOptions.of(self, cluster, List.of(self), folder), Clock.systemUTC());
    }
}
