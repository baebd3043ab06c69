package dev.store.raft.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SetAsideTest {
    @TempDir
    Path folder;

    @Test
    void theNewestAreKeptAndNothingElseIsTouched() throws IOException {
        Path log = write("log_inprogress_5", 0);
        Path closed = write("log_0-4", 0);
        Path oldest = write(SetAside.cut(log, 77).getFileName().toString(), 1);
        Path old = write(SetAside.covered(log, 9).getFileName().toString(), 2);
        Path kept = write(SetAside.cut(log, 78).getFileName().toString(), 3);
        for (int i = 1; i < SetAside.KEPT; i++) {
            write(SetAside.cut(log, 100 + i).getFileName().toString(), 3 + i);
        }

        SetAside.deleteOld(folder);

        assertThat(oldest).doesNotExist();
        assertThat(old).doesNotExist();
        assertThat(kept).exists();
        assertThat(log).exists();
        assertThat(closed).exists();
        assertThat(Folders.list(folder)).hasSize(SetAside.KEPT + 2);
    }

    @Test
    void aFolderThatIsNotThereYetHoldsNothingOld() throws IOException {
        SetAside.deleteOld(folder.resolve("current"));

        assertThat(folder.resolve("current")).doesNotExist();
    }

    private Path write(String name, long seconds) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "content");
        Files.setLastModifiedTime(file, FileTime.fromMillis(seconds * 1_000));
        return file;
    }
}
