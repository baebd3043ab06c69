package dev.store.api.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.v1.Instance;
import dev.store.api.v1.InstanceState;
import dev.store.api.v1.WatchServicesResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastKnownFileTest {
    @TempDir
    Path folder;

    private static ServiceState state(String id) {
        ServiceInstance instance = new ServiceInstance(InstanceState.newBuilder()
                .setInstance(
                        Instance.newBuilder().setService("s:1").setNode("n").setId(id))
                .build());
        return new ServiceState("s:1", 7, true, List.of(instance), true, false, 6);
    }

    @Test
    void whatWasWrittenIsReadAndReplacedAsAWhole() throws IOException {
        LastKnownFile file = new LastKnownFile(folder.resolve("new"), "", "s:1");
        assertThat(file.read()).isNull();
        file.write(state("1"));
        file.write(state("2"));

        WatchServicesResponse read = Objects.requireNonNull(file.read());
        assertThat(read.getRevision()).isEqualTo(7);
        assertThat(read.getInstances(0).getInstance().getId()).isEqualTo("2");
        assertThat(read.getServices(0).getProtected()).isTrue();
        try (Stream<Path> files = Files.list(folder.resolve("new"))) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void fileThatIsTornOrChangedIsTakenForNone() throws IOException {
        LastKnownFile file = new LastKnownFile(folder, "", "s");
        file.write(state("1"));
        Path path;
        try (Stream<Path> files = Files.list(folder)) {
            path = files.findFirst().orElseThrow();
        }
        byte[] whole = Files.readAllBytes(path);
        for (int length = 0; length < whole.length; length++) {
            Files.write(path, java.util.Arrays.copyOf(whole, length));
            assertThat(file.read()).as("%d bytes of %d", length, whole.length).isNull();
        }
        for (int at = 0; at < whole.length; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= 1;
            Files.write(path, changed);
            assertThat(file.read()).as("changed at %d", at).isNull();
        }
    }
}
