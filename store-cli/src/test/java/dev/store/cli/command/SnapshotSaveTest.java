package dev.store.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.store.api.v1.MaintenanceGrpc;
import dev.store.api.v1.ResponseHeader;
import dev.store.api.v1.SnapshotChunk;
import dev.store.api.v1.SnapshotHead;
import dev.store.cli.CommandRun;
import dev.store.cli.ExitCode;
import dev.store.cli.ScriptedMember;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotSaveTest {
    @TempDir
    Path folder;

    private static List<SnapshotChunk> chunks(byte[] sha256) {
        return List.of(
                SnapshotChunk.newBuilder()
                        .setHead(SnapshotHead.newBuilder()
                                .setHeader(ResponseHeader.newBuilder().setRevision(42)))
                        .setData(ByteString.copyFromUtf8("all of "))
                        .build(),
                SnapshotChunk.newBuilder()
                        .setData(ByteString.copyFromUtf8("it"))
                        .setSha256(ByteString.copyFrom(sha256))
                        .build());
    }

    private CommandRun save(List<SnapshotChunk> chunks, String... more) throws Exception {
        try (ScriptedMember member =
                ScriptedMember.answering(ScriptedMember.stream(MaintenanceGrpc.getSnapshotMethod(), chunks))) {
            String[] line = new String[3 + more.length];
            line[0] = "snapshot";
            line[1] = "save";
            line[2] = folder.resolve("backup").toString();
            System.arraycopy(more, 0, line, 3, more.length);
            return CommandRun.against(member.endpoint()).run(line);
        }
    }

    private static byte[] right() throws Exception {
        return MessageDigest.getInstance("SHA-256").digest("all of it".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aWholeSnapshotGetsItsName() throws Exception {
        CommandRun run = save(chunks(right()));

        assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).contains("revision 42, 9 B, sha256 ");
        assertThat(folder).isDirectoryContaining("glob:**/backup").isDirectoryNotContaining("glob:**.part");
        assertThat(folder.resolve("backup")).hasContent("all of it");
    }

    @Test
    void aDamagedOrUnfinishedSnapshotLeavesNothing() throws Exception {
        assertThat(save(chunks(new byte[32])).err()).contains("damaged or cut off");
        assertThat(save(chunks(right()).subList(0, 1)).exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void anExistingFileIsReplacedOnlyByForce() throws Exception {
        Files.writeString(folder.resolve("backup"), "older");

        assertThat(save(chunks(right())).exitCode()).isEqualTo(ExitCode.CONFLICT);
        assertThat(folder.resolve("backup")).hasContent("older");
        assertThat(save(chunks(right()), "--force").exitCode()).isEqualTo(ExitCode.OK);
        assertThat(folder.resolve("backup")).hasContent("all of it");
    }
}
