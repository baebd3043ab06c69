package dev.store.server.etcd;

import static dev.store.server.etcd.EtcdStubs.bytes;
import static dev.store.server.etcd.EtcdStubs.modifiedAt;
import static dev.store.server.etcd.EtcdStubs.op;
import static dev.store.server.etcd.EtcdStubs.putOf;
import static dev.store.server.etcd.EtcdStubs.rangeOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.store.server.etcd.v3.CompactionRequest;
import dev.store.server.etcd.v3.Compare;
import dev.store.server.etcd.v3.DeleteRangeRequest;
import dev.store.server.etcd.v3.Event;
import dev.store.server.etcd.v3.Event.EventType;
import dev.store.server.etcd.v3.KeyValue;
import dev.store.server.etcd.v3.LeaseGrantRequest;
import dev.store.server.etcd.v3.RangeRequest;
import dev.store.server.etcd.v3.RangeResponse;
import dev.store.server.etcd.v3.TxnRequest;
import dev.store.server.etcd.v3.TxnResponse;
import dev.store.server.etcd.v3.WatchCreateRequest;
import dev.store.server.etcd.v3.WatchResponse;
import io.grpc.Status.Code;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The calls that the storage of Kubernetes' API server makes (apiserver's storage/etcd3), in the shapes that it makes. */
class KubernetesContractTest extends OneEtcdNode {
    private TxnResponse create(String key, String value, long lease) {
        return etcd.kv()
                .txn(TxnRequest.newBuilder()
                        .addCompare(modifiedAt(key, 0))
                        .addSuccess(op(putOf(key, value).setLease(lease)))
                        .build());
    }

    private TxnResponse update(String key, long seen, String value) {
        return etcd.kv()
                .txn(TxnRequest.newBuilder()
                        .addCompare(modifiedAt(key, seen))
                        .addSuccess(op(putOf(key, value)))
                        .addFailure(op(rangeOf(key)))
                        .build());
    }

    private TxnResponse delete(String key, long seen) {
        return etcd.kv()
                .txn(TxnRequest.newBuilder()
                        .addCompare(modifiedAt(key, seen))
                        .addSuccess(op(DeleteRangeRequest.newBuilder().setKey(bytes(key))))
                        .addFailure(op(rangeOf(key)))
                        .build());
    }

    @Test
    void anObjectIsMadeOnceChangedByWhoHasSeenItLastAndDeletedLikewise() {
        String key = key("pods/a");

        TxnResponse made = create(key, "1", 0);
        TxnResponse again = create(key, "2", 0);
        long madeAt = made.getResponses(0).getResponsePut().getHeader().getRevision();
        TxnResponse changed = update(key, madeAt, "3");
        long changedAt = changed.getHeader().getRevision();
        TxnResponse late = update(key, madeAt, "4");
        TxnResponse lateDeletion = delete(key, madeAt);
        TxnResponse deleted = delete(key, changedAt);

        assertThat(made.getSucceeded()).isTrue();
        assertThat(madeAt).isEqualTo(made.getHeader().getRevision());
        assertThat(again.getSucceeded()).isFalse();
        assertThat(changed.getSucceeded()).isTrue();
        KeyValue present = late.getResponses(0).getResponseRange().getKvs(0);
        assertThat(present.getModRevision()).isEqualTo(changedAt);
        assertThat(present.getValue()).isEqualTo(bytes("3"));
        assertThat(lateDeletion.getSucceeded()).isFalse();
        assertThat(lateDeletion.getResponses(0).getResponseRange().getKvs(0)).isEqualTo(present);
        assertThat(deleted.getSucceeded()).isTrue();
        assertThat(deleted.getResponses(0).getResponseDeleteRange().getHeader().getRevision())
                .isEqualTo(changedAt + 1);
        assertThat(update(key, changedAt, "5")
                        .getResponses(0)
                        .getResponseRange()
                        .getKvsList())
                .isEmpty();
    }

    @Test
    void anEventLivesAsLongAsItsLease() {
        long lease = etcd.leases()
                .leaseGrant(LeaseGrantRequest.newBuilder().setTTL(3_600).build())
                .getID();

        create(key("events/a"), "1", lease);

        assertThat(etcd.kv().range(rangeOf(key("events/a")).build()).getKvs(0).getLease())
                .isEqualTo(lease);
    }

    @Test
    void aListGoesOnAtTheRevisionOfItsFirstPageWhateverHasChangedSince() {
        for (int i = 0; i < 10; i++) {
            create(key("pods/" + i), "old", 0);
        }
        List<String> seen = new ArrayList<>();
        ByteString from = bytes(key("pods/"));
        long revision = 0;
        RangeResponse page;
        do {
            page = etcd.kv()
                    .range(RangeRequest.newBuilder()
                            .setKey(from)
                            .setRangeEnd(bytes(key("pods0")))
                            .setLimit(4)
                            .setRevision(revision)
                            .build());
            if (revision == 0) {
                revision = page.getHeader().getRevision();
                assertThat(page.getCount()).isEqualTo(10);
                etcd.put(key("pods/9"), "new");
                etcd.put(key("pods/99"), "new");
            }
            page.getKvsList().forEach(entry -> {
                assertThat(entry.getValue()).isEqualTo(bytes("old"));
                seen.add(entry.getKey().toStringUtf8());
            });
            from = page.getKvs(page.getKvsCount() - 1).getKey().concat(ByteString.copyFrom(new byte[] {0}));
        } while (page.getMore());

        assertThat(seen).hasSize(10).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aWatchGoesOnFromTheRevisionOfTheListWithWhatWasBeforeAndProgress() throws Exception {
        long made = create(key("pods/a"), "1", 0).getHeader().getRevision();
        long listed = etcd.kv().range(rangeOf(name, end()).build()).getHeader().getRevision();
        try (EtcdWatchCall watch = new EtcdWatchCall(etcd)) {
            watch.create(WatchCreateRequest.newBuilder()
                    .setKey(bytes(key("pods/")))
                    .setRangeEnd(bytes(key("pods0")))
                    .setStartRevision(listed + 1)
                    .setPrevKv(true)
                    .setProgressNotify(true));
            long changed = update(key("pods/a"), made, "2").getHeader().getRevision();
            delete(key("pods/a"), changed);

            Event change = watch.nextEvent();
            Event deletion = watch.nextEvent();
            watch.askProgress();
            WatchResponse progress = watch.next();

            assertThat(change.getKv().getCreateRevision()).isEqualTo(made);
            assertThat(change.getPrevKv().getValue()).isEqualTo(bytes("1"));
            assertThat(deletion.getType()).isEqualTo(EventType.DELETE);
            assertThat(deletion.getKv().getModRevision()).isEqualTo(changed + 1);
            assertThat(deletion.getPrevKv().getValue()).isEqualTo(bytes("2"));
            assertThat(progress.getHeader().getRevision()).isEqualTo(changed + 1);
            assertThat(progress.getEventsList()).isEmpty();
        }
    }

    @Test
    void oneApiServerOfManyCompactsByTheVersionOfAKey() {
        String key = "compact_rev_key";
        TxnResponse first = compactTxn(key, 0, "0");
        long revision = first.getHeader().getRevision();
        TxnResponse lost = compactTxn(key, 0, "0");
        long version = lost.getResponses(0).getResponseRange().getKvs(0).getVersion();
        TxnResponse second = compactTxn(key, version, Long.toString(revision));
        etcd.kv().compact(CompactionRequest.newBuilder().setRevision(revision).build());

        assertThat(first.getSucceeded()).isTrue();
        assertThat(lost.getSucceeded()).isFalse();
        assertThat(version).isEqualTo(1);
        assertThat(second.getSucceeded()).isTrue();
        Refusal.expect(
                () -> etcd.kv()
                        .range(rangeOf(name, end())
                                .setRevision(revision - 1)
                                .setLimit(500)
                                .build()),
                Code.OUT_OF_RANGE,
                "etcdserver: mvcc: required revision has been compacted");
    }

    private TxnResponse compactTxn(String key, long version, String value) {
        return etcd.kv()
                .txn(TxnRequest.newBuilder()
                        .addCompare(Compare.newBuilder()
                                .setKey(bytes(key))
                                .setTarget(Compare.CompareTarget.VERSION)
                                .setResult(Compare.CompareResult.EQUAL)
                                .setVersion(version))
                        .addSuccess(op(putOf(key, value)))
                        .addFailure(op(rangeOf(key)))
                        .build());
    }
}
