package dev.store.raft.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.store.api.v1.Event;
import dev.store.api.v1.KeyValue;
import dev.store.api.v1.WatchResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

class EncodedListTest {
    private final Event small = event(1);
    private final Event large = event(70_000);
    private final EncodedList list = EncodedList.of(List.of(small.toByteString(), large.toByteString()));

    @Test
    void isReadBackAsARepeatedField() throws InvalidProtocolBufferException {
        ByteString field = list.asField(WatchResponse.EVENTS_FIELD_NUMBER);

        assertThat(WatchResponse.parseFrom(field))
                .isEqualTo(WatchResponse.newBuilder()
                        .addEvents(small)
                        .addEvents(large)
                        .build());
    }

    @Test
    void isMadeOnceForAllWhoWriteItAsTheSameField() {
        ByteString field = list.asField(WatchResponse.EVENTS_FIELD_NUMBER);

        assertThat(list.asField(WatchResponse.EVENTS_FIELD_NUMBER)).isSameAs(field);
    }

    @Test
    void isAnotherFieldForWhoeverAsksForAnother() throws InvalidProtocolBufferException {
        list.asField(WatchResponse.EVENTS_FIELD_NUMBER);
        KeyValue entry = small.getEntry();
        EncodedList entries = EncodedList.of(List.of(entry.toByteString()));
        entries.asField(WatchResponse.EVENTS_FIELD_NUMBER);

        assertThat(WatchResponse.parseFrom(entries.asField(WatchResponse.SNAPSHOT_ENTRIES_FIELD_NUMBER))
                        .getSnapshotEntriesList())
                .containsExactly(entry);
    }

    @Test
    void thatIsEmptyTakesNoBytes() {
        assertThat(EncodedList.of(List.of()).asField(11)).isEmpty();
    }

    private static Event event(int valueBytes) {
        return Event.newBuilder()
                .setEntry(KeyValue.newBuilder()
                        .setKey(ByteString.copyFromUtf8("key"))
                        .setValue(ByteString.copyFrom(new byte[valueBytes])))
                .build();
    }
}
