package dev.store.api.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.RangeRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A streamed range gives every entry once, in order, at one revision, however often its streams break. */
@Timeout(60)
class RangeStreamTest {
    private final FakeStore store = new FakeStore();
    private final List<String> keys = new ArrayList<>();
    private FakeMember one;
    private FakeMember two;
    private StoreClient client;

    @BeforeEach
    void start() throws IOException {
        one = FakeMember.start(store, 1);
        two = FakeMember.start(store, 2);
        client = StoreClient.builder()
                .endpoints(List.of(one.endpoint(), two.endpoint()))
                .timeout(Duration.ofSeconds(30))
                .inOrder()
                .build();
        for (int i = 10; i < 60; i++) {
            client.kv().put("a/" + i, "v" + i).join();
            keys.add("a/" + i);
        }
        client.kv().put("b", "").join();
    }

    @AfterEach
    void stop() throws InterruptedException {
        client.close();
        one.close();
        two.close();
    }

    private static List<String> keys(EntryStream stream) {
        List<String> keys = new ArrayList<>();
        for (Entry entry : stream) {
            keys.add(entry.key().utf8());
        }
        return keys;
    }

    private List<RangeRequest> requests() {
        List<RangeRequest> requests = new ArrayList<>();
        for (FakeMember member : List.of(one, two)) {
            for (Object request : member.requests()) {
                if (request instanceof RangeRequest range) {
                    requests.add(range);
                }
            }
        }
        return requests;
    }

    @Test
    void allEntriesComeInOrder() {
        try (EntryStream stream = client.kv().stream(Keys.prefix("a/"))) {
            assertThat(keys(stream)).isEqualTo(keys);
            assertThat(stream.revision()).isEqualTo(store.revision());
            assertThat(stream.next().join()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ErrorCode.class,
            names = {"CONNECTION_LOST", "STREAM_EXPIRED", "NOT_READY", "OVERLOADED"})
    void aBrokenStreamGoesOnAfterTheLastKeyAtTheSameRevision(ErrorCode code) {
        one.breakStreams(code);
        two.breakStreams(code);
        long revision = store.revision();

        assertThat(keys(client.kv().stream(Keys.prefix("a/")))).isEqualTo(keys);

        List<RangeRequest> again = requests().stream()
                .filter(request -> request.getRange().getRevision() > 0)
                .toList();
        assertThat(again).hasSizeGreaterThan(5);
        assertThat(again).allMatch(request -> request.getRange().getRevision() == revision);
    }

    @Test
    void aLimitHoldsAcrossBreaks() {
        one.breakStreams(ErrorCode.CONNECTION_LOST);
        two.breakStreams(ErrorCode.CONNECTION_LOST);

        List<String> found =
                keys(client.kv().stream(Op.range(Keys.between("a/", "b")).limit(20)));

        assertThat(found).isEqualTo(keys.subList(0, 20));
    }

    @Test
    void anErrorThatStaysIsThrown() {
        one.breakStreams(ErrorCode.COMPACTED);
        two.breakStreams(ErrorCode.COMPACTED);

        Throwable failure = catchThrowable(() -> keys(client.kv().stream(Keys.all())));

        assertThat(failure).isInstanceOf(StoreException.class);
        assertThat(((StoreException) failure).code()).isEqualTo(ErrorCode.COMPACTED);
    }

    /** The error may come while nobody waits for entries; it once looked like their end then. */
    @Test
    void anErrorThatCameBetweenTwoCallsIsThrownByEveryLaterOne() {
        one.breakStreams(ErrorCode.COMPACTED);
        two.breakStreams(ErrorCode.COMPACTED);
        EntryStream stream = client.kv().stream(Keys.all());

        Throwable first = catchThrowable(() -> keys(stream));
        Throwable second = catchThrowable(() -> keys(stream));

        assertThat(first).isInstanceOf(StoreException.class);
        assertThat(second).isInstanceOf(StoreException.class);
    }

    @Test
    void entriesThatDoNotComeInTimeFail() throws InterruptedException {
        one.stop();
        two.stop();
        EntryStream stream = client.timeout(Duration.ofMillis(400)).kv().stream(Keys.all());

        Throwable failure = catchThrowable(() -> stream.iterator().hasNext());

        assertThat(((StoreException) failure).code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
        assertThat(failure).hasMessageContaining("400 ms").hasMessageContaining("127.0.0.1");
    }

    @Test
    void closingAnswersWhoeverWaits() throws InterruptedException {
        one.stop();
        two.stop();
        EntryStream stream = client.kv().stream(Keys.all());
        CompletableFuture<List<Entry>> next = stream.next();

        assertThatThrownBy(stream::next).isInstanceOf(IllegalStateException.class);
        stream.close();

        assertThat(catchThrowable(next::join)).hasCauseInstanceOf(StoreException.class);
    }

    @Test
    void whatHasNoOrderByKeyCannotBeStreamed() {
        assertThatThrownBy(() -> client.kv().stream(Op.range(Keys.all()).descending()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theRestOfAPrefixEndsWhereThePrefixEnds() {
        assertThat(Keys.after(
                                Bytes.of("a\u007f").toByteString(),
                                Keys.prefix("a").toProto())
                        .getSpan()
                        .getEnd()
                        .toStringUtf8())
                .isEqualTo("b");
        Bytes top = Bytes.of(new byte[] {(byte) 0xff, (byte) 0xff});
        assertThat(Keys.after(top.toByteString(), Keys.prefix(top).toProto())
                        .getSpan()
                        .getEnd()
                        .isEmpty())
                .isTrue();
    }
}
