package dev.store.server.etcd;

import static dev.store.server.etcd.EtcdStubs.bytes;
import static dev.store.server.etcd.EtcdStubs.deleteOf;
import static dev.store.server.etcd.EtcdStubs.op;
import static dev.store.server.etcd.EtcdStubs.putOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.store.server.etcd.v3.CompactionRequest;
import dev.store.server.etcd.v3.Event;
import dev.store.server.etcd.v3.Event.EventType;
import dev.store.server.etcd.v3.TxnRequest;
import dev.store.server.etcd.v3.WatchCreateRequest;
import dev.store.server.etcd.v3.WatchCreateRequest.FilterType;
import dev.store.server.etcd.v3.WatchRequest;
import dev.store.server.etcd.v3.WatchResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EtcdWatchTest extends OneEtcdNode {
    private EtcdWatchCall watch;

    @BeforeEach
    void open() {
        watch = new EtcdWatchCall(etcd);
    }

    @AfterEach
    void close() {
        watch.close();
    }

    private WatchCreateRequest.Builder all() {
        return WatchCreateRequest.newBuilder().setKey(bytes(name)).setRangeEnd(bytes(end()));
    }

    @Test
    void aWatchSaysFromWhereItSeesAndThenTellsEachChange() throws Exception {
        long before = etcd.put(key("a"), "1");

        WatchResponse created = watch.create(all().setPrevKv(true));
        etcd.put(key("a"), "2");
        etcd.kv().deleteRange(deleteOf(name, end()).build());

        assertThat(created.getCreated()).isTrue();
        assertThat(created.getWatchId()).isZero();
        assertThat(created.getHeader().getRevision()).isEqualTo(before);
        Event put = watch.nextEvent();
        assertThat(put.getType()).isEqualTo(EventType.PUT);
        assertThat(put.getKv().getValue()).isEqualTo(bytes("2"));
        assertThat(put.getKv().getModRevision()).isEqualTo(before + 1);
        assertThat(put.getPrevKv().getValue()).isEqualTo(bytes("1"));
        Event deletion = watch.nextEvent();
        assertThat(deletion.getType()).isEqualTo(EventType.DELETE);
        assertThat(deletion.getKv().getKey()).isEqualTo(bytes(key("a")));
        assertThat(deletion.getKv().getModRevision()).isEqualTo(before + 2);
        assertThat(deletion.getPrevKv().getValue()).isEqualTo(bytes("2"));
    }

    @Test
    void theChangesOfOneTransactionComeTogether() throws Exception {
        watch.create(all());

        etcd.kv()
                .txn(TxnRequest.newBuilder()
                        .addSuccess(op(putOf(key("b"), "1")))
                        .addSuccess(op(putOf(key("a"), "2")))
                        .build());

        assertThat(watch.next().getEventsList())
                .extracting(event -> event.getKv().getKey().toStringUtf8())
                .containsExactly(key("b"), key("a"));
    }

    @Test
    void oneStreamCarriesManyWatchesWhoseIdsClientsMayChoose() throws Exception {
        assertThat(watch.create(all()).getWatchId()).isZero();
        assertThat(watch.create(all().setWatchId(7)).getWatchId()).isEqualTo(7);
        assertThat(watch.create(all().setWatchId(1)).getWatchId()).isEqualTo(1);
        assertThat(watch.create(all()).getWatchId()).isEqualTo(2);

        WatchResponse taken = watch.create(all().setWatchId(7));

        assertThat(taken.getCreated()).isTrue();
        assertThat(taken.getCanceled()).isTrue();
        assertThat(taken.getWatchId()).isEqualTo(-1);
        assertThat(taken.getCancelReason()).isEqualTo("mvcc: duplicate watch ID provided on the WatchStream");
        etcd.put(key("a"), "1");
        assertThat(java.util.List.of(
                        watch.next().getWatchId(),
                        watch.next().getWatchId(),
                        watch.next().getWatchId(),
                        watch.next().getWatchId()))
                .containsExactlyInAnyOrder(0L, 7L, 1L, 2L);
    }

    @Test
    void filtersLeaveEventsOut() throws Exception {
        watch.create(all().addFilters(FilterType.NOPUT));
        watch.create(all().addFilters(FilterType.NODELETE));

        etcd.put(key("a"), "1");
        etcd.kv().deleteRange(deleteOf(name, end()).build());

        WatchResponse first = watch.next();
        WatchResponse second = watch.next();
        WatchResponse ofPuts = first.getWatchId() == 1 ? first : second;
        WatchResponse ofDeletions = first.getWatchId() == 1 ? second : first;
        assertThat(ofPuts.getEventsList()).extracting(Event::getType).containsExactly(EventType.PUT);
        assertThat(ofDeletions.getEventsList()).extracting(Event::getType).containsExactly(EventType.DELETE);
    }

    @Test
    void aWatchFromThePastSeesIt() throws Exception {
        long first = etcd.put(key("a"), "1");
        long second = etcd.put(key("a"), "2");

        WatchResponse created = watch.create(all().setStartRevision(first));

        assertThat(created.getHeader().getRevision()).isEqualTo(second);
        assertThat(watch.nextEvent().getKv().getModRevision()).isEqualTo(first);
        assertThat(watch.nextEvent().getKv().getModRevision()).isEqualTo(second);
    }

    @Test
    void aWatchFromTheFutureWaits() throws Exception {
        long now = etcd.put(key("a"), "1");
        watch.create(all().setStartRevision(now + 2));

        etcd.put(key("a"), "too early");
        etcd.put(key("a"), "2");

        assertThat(watch.nextEvent().getKv().getValue()).isEqualTo(bytes("2"));
    }

    @Test
    void aWatchBelowTheCompactionRevisionIsCanceledAndToldIt() throws Exception {
        long first = etcd.put(key("a"), "1");
        etcd.put(key("a"), "2");
        long last = etcd.put(key("a"), "3");
        etcd.kv().compact(CompactionRequest.newBuilder().setRevision(last).build());

        WatchResponse created = watch.create(all().setStartRevision(first).setWatchId(9));
        WatchResponse canceled = watch.next();

        assertThat(created.getCreated()).isTrue();
        assertThat(created.getCanceled()).isFalse();
        assertThat(canceled.getWatchId()).isEqualTo(9);
        assertThat(canceled.getCanceled()).isTrue();
        assertThat(canceled.getCompactRevision()).isEqualTo(last);
        assertThat(watch.create(all().setStartRevision(last)).getCreated()).isTrue();
        assertThat(watch.nextEvent().getKv().getModRevision()).isEqualTo(last);
    }

    @Test
    void aCanceledWatchIsSilentAndAnUnknownOneIsPassedOver() throws Exception {
        watch.create(all());
        watch.create(all());

        watch.cancel(4711);
        watch.cancel(0);
        WatchResponse canceled = watch.next();
        etcd.put(key("a"), "1");

        assertThat(canceled.getWatchId()).isZero();
        assertThat(canceled.getCanceled()).isTrue();
        assertThat(canceled.getCompactRevision()).isZero();
        assertThat(watch.next().getWatchId()).isEqualTo(1);
    }

    @Test
    void aRequestForProgressIsAnsweredOnceForTheStream() throws Exception {
        watch.create(all());
        watch.create(all().setStartRevision(1_000_000));
        long put = etcd.put(key("a"), "1");
        assertThat(watch.nextEvent().getKv().getModRevision()).isEqualTo(put);

        watch.askProgress();
        WatchResponse progress = watch.next();

        assertThat(progress.getWatchId()).isEqualTo(-1);
        assertThat(progress.getEventsList()).isEmpty();
        assertThat(progress.getHeader().getRevision()).isEqualTo(put);
    }

    @Test
    void progressOfAStreamWithoutWatchesIsThePresentRevision() throws Exception {
        long put = etcd.put(key("a"), "1");

        watch.askProgress();

        assertThat(watch.next().getHeader().getRevision()).isEqualTo(put);
    }

    @Test
    void anIdleWatchIsToldProgressIfItAsksForIt() throws Exception {
        long elsewhere = etcd.put("elsewhere/" + name, "1");
        watch.create(all().setProgressNotify(true));

        WatchResponse progress = watch.next();

        assertThat(progress.getWatchId()).isZero();
        assertThat(progress.getEventsList()).isEmpty();
        assertThat(progress.getCreated()).isFalse();
        assertThat(progress.getHeader().getRevision()).isGreaterThanOrEqualTo(elsewhere);
    }

    @Test
    void aLargeRevisionIsSplitForWhoeverAllowsIt() throws Exception {
        watch.create(all().setFragment(true));
        TxnRequest.Builder large = TxnRequest.newBuilder();
        for (int i = 0; i < 10; i++) {
            large.addSuccess(op(putOf(key("k" + i), "x".repeat(100_000))));
        }

        etcd.kv().txn(large.build());

        int events = 0;
        int fragments = 0;
        WatchResponse part;
        do {
            part = watch.next();
            fragments++;
            events += part.getEventsCount();
        } while (part.getFragment());
        assertThat(events).isEqualTo(10);
        assertThat(fragments).isGreaterThan(1);
    }

    @Test
    void badWatchesAreCreatedAndCanceledAtOnceAndTheStreamGoesOn() throws Exception {
        WatchResponse inverted =
                watch.create(WatchCreateRequest.newBuilder().setKey(bytes("b")).setRangeEnd(bytes("a")));
        WatchResponse negative = watch.create(all().setStartRevision(-1));
        WatchResponse tooLong = watch.create(WatchCreateRequest.newBuilder().setKey(bytes("k".repeat(5_000))));
        watch.send(WatchRequest.getDefaultInstance());

        assertThat(inverted.getCreated()).isTrue();
        assertThat(inverted.getCanceled()).isTrue();
        assertThat(inverted.getCancelReason()).isEqualTo("mvcc: watcher range is empty");
        assertThat(negative.getCancelReason()).contains("start_revision: -1");
        assertThat(tooLong.getCancelReason()).contains("5000 bytes");
        assertThat(watch.create(all()).getCanceled()).isFalse();
    }

    @Test
    void anEmptyKeyMeansTheFirstOne() throws Exception {
        ByteString zero = ByteString.copyFrom(new byte[] {0});
        watch.create(WatchCreateRequest.newBuilder().setRangeEnd(zero));
        long put = etcd.put(key("a"), "1");

        assertThat(watch.nextEvent().getKv().getModRevision()).isEqualTo(put);
    }
}
