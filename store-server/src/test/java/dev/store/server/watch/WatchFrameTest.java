package dev.store.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.store.api.error.ErrorCode;
import dev.store.api.v1.Event;
import dev.store.api.v1.KeyValue;
import dev.store.api.v1.WatchResponse;
import dev.store.raft.watch.EncodedList;
import dev.store.raft.watch.WatchOutput;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WatchFrameTest {
    @Test
    void eventsReadBackAsTheyWereEncoded() throws IOException {
        Event small = event("a", 0);
        Event large = event("b", 70_000);
        WatchFrame frame = WatchFrames.of(300, new WatchOutput.Events(9, encoded(small, large), true));

        assertThat(parse(frame))
                .isEqualTo(WatchResponse.newBuilder()
                        .setWatchId(300)
                        .setRevision(9)
                        .addEvents(small)
                        .addEvents(large)
                        .setFragment(true)
                        .build());
    }

    @Test
    void snapshotEntriesReadBackAsTheyWereEncoded() throws IOException {
        KeyValue entry = KeyValue.newBuilder()
                .setKey(ByteString.copyFromUtf8("k"))
                .setVersion(3)
                .build();

        assertThat(parse(WatchFrames.of(1, new WatchOutput.SnapshotEntries(5, encoded(entry))))
                        .getSnapshotEntriesList())
                .containsExactly(entry);
    }

    static Stream<WatchOutput> marks() {
        return Stream.of(
                new WatchOutput.Created(4, 5),
                new WatchOutput.SnapshotComplete(4),
                new WatchOutput.Progress(4),
                new WatchOutput.Lagging(4, 90),
                new WatchOutput.Canceled(4, ErrorCode.COMPACTED, "revision: 1 (expected: > 3)", 3));
    }

    @ParameterizedTest
    @MethodSource("marks")
    void eachMarkSetsItsFieldAndNoOther(WatchOutput mark) throws IOException {
        WatchResponse response = parse(WatchFrames.of(7, mark));

        assertThat(response.getWatchId()).isEqualTo(7);
        assertThat(response.getRevision()).isEqualTo(4);
        assertThat(response.getAllFields()).hasSize(3);
        if (mark instanceof WatchOutput.Lagging) {
            assertThat(response.getLagging().getBehindRevision()).isEqualTo(4);
            assertThat(response.getLagging().getCurrentRevision()).isEqualTo(90);
        }
        if (mark instanceof WatchOutput.Canceled) {
            assertThat(response.getCanceled().getReason()).isEqualTo("COMPACTED");
            assertThat(response.getCanceled().getCompactRevision()).isEqualTo(3);
        }
    }

    @Test
    void aTransportThatReadsInsteadOfDrainingGetsTheSameBytes() throws IOException {
        WatchFrame frame = WatchFrames.of(1, new WatchOutput.Events(2, encoded(event("k", 500)), false));

        try (InputStream stream = WatchFrame.MARSHALLER.stream(frame)) {
            int available = stream.available();
            byte[] read = stream.readAllBytes();
            assertThat(read).hasSize(available);
            assertThat(WatchResponse.parseFrom(read)).isEqualTo(parse(frame));
        }
    }

    private WatchResponse parse(WatchFrame frame) throws IOException {
        try (InputStream stream = WatchFrame.MARSHALLER.stream(frame)) {
            assertThat(stream).isInstanceOf(KnownLength.class).isInstanceOf(Drainable.class);
            int length = stream.available();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            assertThat(((Drainable) stream).drainTo(out)).isEqualTo(length);
            assertThat(stream.available()).isZero();
            assertThat(out.size()).isEqualTo(length);
            return parse(out.toByteArray());
        }
    }

    private static EncodedList encoded(MessageLite... messages) {
        return EncodedList.of(Stream.of(messages).map(MessageLite::toByteString).toList());
    }

    private static WatchResponse parse(byte[] bytes) throws InvalidProtocolBufferException {
        return WatchResponse.parseFrom(bytes);
    }

    private static Event event(String key, int valueBytes) {
        return Event.newBuilder()
                .setEntry(KeyValue.newBuilder()
                        .setKey(ByteString.copyFromUtf8(key))
                        .setValue(ByteString.copyFrom(new byte[valueBytes]))
                        .setModRevision(9))
                .build();
    }
}
