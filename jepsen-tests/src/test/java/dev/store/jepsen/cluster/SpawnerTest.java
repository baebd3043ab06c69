package dev.store.jepsen.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SpawnerTest {
    private static final Duration WAIT = Duration.ofSeconds(30);

    /** Starts a child that would live for long, writes its process id to a file, and waits. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] arguments) throws Exception {
            Path folder = Path.of(arguments[0]);
            Process child = Spawner.start(
                    List.of("sleep", "1000"),
                    folder,
                    folder.resolve("child.log").toFile(),
                    Map.of());
            Path pid = folder.resolve("pid.part");
            Files.writeString(pid, Long.toString(child.pid()));
            Files.move(pid, folder.resolve("pid"));
            child.waitFor();
        }
    }

    @Test
    void aChildDoesNotOutliveAJvmThatIsKilled(@TempDir Path folder) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "needs setpriv");
        ProcessHandle child = childOf(folder, Process::destroyForcibly);

        child.onExit().get(30, TimeUnit.SECONDS);
        assertThat(child.isAlive()).isFalse();
    }

    @Test
    void aChildDoesNotOutliveAJvmThatEnds(@TempDir Path folder) throws Exception {
        ProcessHandle child = childOf(folder, Process::destroy);

        child.onExit().get(30, TimeUnit.SECONDS);
        assertThat(child.isAlive()).isFalse();
    }

    @Test
    void aPausedProcessIsKilledToo(@TempDir Path folder) throws Exception {
        Process process = Spawner.start(List.of("sleep", "1000"), folder, new File("/dev/null"), Map.of());

        assertThat(Spawner.isStopped(process.pid())).isFalse();
        Spawner.signal(process.pid(), "STOP");
        Await.until(WAIT, "its threads to stop", () -> Spawner.isStopped(process.pid()));
        process.destroyForcibly();

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(() -> Spawner.signal(process.pid(), "CONT")).isInstanceOf(RigException.class);
    }

    @Test
    void whatDoesNotComeIsNamed() {
        assertThatThrownBy(() -> Await.until(Duration.ofMillis(50), "rain", () -> {
                    throw new IllegalStateException("sunny");
                }))
                .hasMessageContaining("rain did not come within PT0.05S")
                .hasMessageContaining("sunny");
    }

    private interface End {
        void of(Process parent);
    }

    private static ProcessHandle childOf(Path folder, End end) throws IOException, InterruptedException {
        Process parent = new ProcessBuilder(
                        Distribution.java(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName(),
                        folder.toString())
                .inheritIO()
                .start();
        Path pid = folder.resolve("pid");
        Await.until(WAIT, "the child", () -> Files.exists(pid));
        ProcessHandle child =
                ProcessHandle.of(Long.parseLong(Files.readString(pid))).orElseThrow();
        assertThat(child.isAlive()).isTrue();
        end.of(parent);
        assertThat(parent.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return child;
    }
}
