package dev.store.server.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.raft.keyspace.RecordKind;
import dev.store.raft.v1.ConfigRecord;
import dev.store.raft.v1.ConfigVersionRecord;
import dev.store.server.records.RecordChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ConfigViewTest {
    private static final EntryName ONE = new EntryName("default", "g", "one");
    private static final EntryName TWO = new EntryName("default", "g", "two");

    private final List<String> told = new ArrayList<>();
    private final ConfigView view = new ConfigView(
            new ConfigView.Listener() {
                @Override
                public void changed(long revision, List<EntryState> states) {
                    states.forEach(state -> told.add(revision + " " + state.name() + " "
                            + Objects.requireNonNull(state.newest())
                                    .entry()
                                    .getContent()
                                    .toStringUtf8()));
                }

                @Override
                public void reloaded(long revision) {
                    told.add("reloaded " + revision);
                }
            },
            100);

    private static KeyRecord row(MessageLite value, long revision) {
        return new KeyRecord(value.toByteString(), revision, revision, 1, 0, 1, 1, "");
    }

    private static ConfigRecord at(long version) {
        return ConfigRecord.newBuilder()
                .setLastVersion(version)
                .setNewestVersion(version)
                .build();
    }

    private static ConfigVersionRecord content(String content) {
        return ConfigVersionRecord.newBuilder()
                .setContent(ByteString.copyFromUtf8(content))
                .build();
    }

    private void publish(EntryName name, long version, String content, long revision) {
        view.apply(
                revision,
                List.of(
                        new RecordChange(
                                "default",
                                RecordKind.CONFIG,
                                name.key(RecordKind.CONFIG),
                                row(at(version), revision),
                                revision,
                                1,
                                ""),
                        new RecordChange(
                                "default",
                                RecordKind.CONFIG_VERSION,
                                name.versionKey(version),
                                row(content(content), revision),
                                revision,
                                1,
                                "")));
    }

    private EntryVersion newest(EntryName name) {
        return Objects.requireNonNull(Objects.requireNonNull(view.entry(name)).newest());
    }

    @Test
    void contentsAreHeldUpToTheBoundAndToldInAnyCase() {
        publish(ONE, 1, "x".repeat(60), 1);
        publish(TWO, 1, "y".repeat(60), 2);

        assertThat(newest(ONE).held()).isTrue();
        assertThat(newest(TWO).held()).isFalse();
        assertThat(newest(TWO).entry().getSizeBytes()).isEqualTo(60);
        assertThat(newest(TWO).entry().getContent()).isEmpty();
        assertThat(view.heldBytes()).isEqualTo(60);
        assertThat(told).last().asString().endsWith("y".repeat(60));

        publish(ONE, 2, "small", 3);
        publish(TWO, 2, "z".repeat(60), 4);
        assertThat(newest(TWO).held()).isTrue();
        assertThat(view.heldBytes()).isEqualTo(65);
    }

    @Test
    void aLoadKeepsOnlyNewestVersionsAndReplacesWhatWasShown() {
        publish(TWO, 1, "gone after the load", 1);

        view.loading();
        view.load("default", RecordKind.CONFIG, ONE.key(RecordKind.CONFIG), row(at(2), 5));
        view.load("default", RecordKind.CONFIG_VERSION, ONE.versionKey(1), row(content("old"), 4));
        view.load("default", RecordKind.CONFIG_VERSION, ONE.versionKey(2), row(content("new"), 5));
        assertThat(view.entry(TWO)).as("shown until loaded").isNotNull();
        view.loaded(9);

        assertThat(view.entry(TWO)).isNull();
        assertThat(newest(ONE).entry().getContent().toStringUtf8()).isEqualTo("new");
        assertThat(view.heldBytes()).isEqualTo(3);
        assertThat(told).last().isEqualTo("reloaded 9");
    }
}
