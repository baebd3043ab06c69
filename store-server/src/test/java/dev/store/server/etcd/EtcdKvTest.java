package dev.store.server.etcd;

import static dev.store.server.etcd.EtcdStubs.bytes;
import static dev.store.server.etcd.EtcdStubs.deleteOf;
import static dev.store.server.etcd.EtcdStubs.putOf;
import static dev.store.server.etcd.EtcdStubs.rangeOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.store.api.v1.GetRequest;
import dev.store.server.etcd.v3.CompactionRequest;
import dev.store.server.etcd.v3.DeleteRangeRequest;
import dev.store.server.etcd.v3.DeleteRangeResponse;
import dev.store.server.etcd.v3.HashKVRequest;
import dev.store.server.etcd.v3.HashKVResponse;
import dev.store.server.etcd.v3.KeyValue;
import dev.store.server.etcd.v3.PutRequest;
import dev.store.server.etcd.v3.RangeRequest;
import dev.store.server.etcd.v3.RangeRequest.SortOrder;
import dev.store.server.etcd.v3.RangeRequest.SortTarget;
import dev.store.server.etcd.v3.RangeResponse;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.stub.MetadataUtils;
import java.util.List;
import org.junit.jupiter.api.Test;

class EtcdKvTest extends OneEtcdNode {
    private static final ByteString ZERO = ByteString.copyFrom(new byte[] {0});

    @Test
    void aPutIsReadWithItsRevisionsVersionAndHeader() {
        long first = etcd.put(key("a"), "1");
        long second = etcd.put(key("a"), "2");

        RangeResponse read = etcd.kv().range(rangeOf(key("a")).build());

        assertThat(second).isEqualTo(first + 1);
        assertThat(read.getCount()).isEqualTo(1);
        assertThat(read.getHeader().getRevision()).isEqualTo(second);
        assertThat(read.getHeader().getClusterId()).isNotZero();
        assertThat(read.getHeader().getMemberId()).isNotZero();
        assertThat(read.getHeader().getRaftTerm()).isPositive();
        assertThat(read.getKvs(0))
                .isEqualTo(KeyValue.newBuilder()
                        .setKey(bytes(key("a")))
                        .setValue(bytes("2"))
                        .setCreateRevision(first)
                        .setModRevision(second)
                        .setVersion(2)
                        .build());
    }

    @Test
    void aKeyIsTheSameKeyForStoresOwnClients() {
        long revision = etcd.put(key("a"), "seen by both");

        var entry = node.kv()
                .get(GetRequest.newBuilder().setKey(bytes(key("a"))).build())
                .getEntry();

        assertThat(entry.getValue()).isEqualTo(bytes("seen by both"));
        assertThat(entry.getModRevision()).isEqualTo(revision);
    }

    @Test
    void aPutCanReturnKeepValueAndKeepLease() {
        etcd.put(key("a"), "1");

        var returned = etcd.kv().put(putOf(key("a"), "2").setPrevKv(true).build());
        etcd.kv().put(putOf(key("a"), "").setIgnoreValue(true).build());

        assertThat(returned.getPrevKv().getValue()).isEqualTo(bytes("1"));
        KeyValue kept = etcd.kv().range(rangeOf(key("a")).build()).getKvs(0);
        assertThat(kept.getValue()).isEqualTo(bytes("2"));
        assertThat(kept.getVersion()).isEqualTo(3);
    }

    @Test
    void aRangeCountsAllKeysWhateverIsLeftOut() {
        long first = etcd.put(key("a"), "1");
        etcd.put(key("b"), "2");
        long third = etcd.put(key("c"), "3");

        RangeResponse limited = etcd.kv().range(rangeOf(name, end()).setLimit(2).build());
        RangeResponse filtered =
                etcd.kv().range(rangeOf(name, end()).setMinModRevision(third).build());
        RangeResponse older =
                etcd.kv().range(rangeOf(name, end()).setMaxCreateRevision(first).build());
        RangeResponse counted =
                etcd.kv().range(rangeOf(name, end()).setCountOnly(true).build());

        assertThat(keys(limited)).containsExactly(key("a"), key("b"));
        assertThat(limited.getMore()).isTrue();
        assertThat(limited.getCount()).isEqualTo(3);
        assertThat(keys(filtered)).containsExactly(key("c"));
        assertThat(filtered.getCount()).isEqualTo(3);
        assertThat(keys(older)).containsExactly(key("a"));
        assertThat(counted.getCount()).isEqualTo(3);
        assertThat(counted.getKvsList()).isEmpty();
    }

    @Test
    void aRangeIsSortedByEachTargetInBothOrders() {
        etcd.put(key("a"), "3");
        etcd.put(key("c"), "1");
        etcd.put(key("b"), "2");
        etcd.put(key("a"), "3");

        assertThat(sorted(SortTarget.KEY, SortOrder.DESCEND)).containsExactly("c", "b", "a");
        assertThat(sorted(SortTarget.VALUE, SortOrder.ASCEND)).containsExactly("c", "b", "a");
        assertThat(sorted(SortTarget.CREATE, SortOrder.DESCEND)).containsExactly("b", "c", "a");
        assertThat(sorted(SortTarget.MOD, SortOrder.ASCEND)).containsExactly("c", "b", "a");
        assertThat(sorted(SortTarget.VERSION, SortOrder.NONE)).containsExactly("b", "c", "a");
    }

    private List<String> sorted(SortTarget target, SortOrder order) {
        RangeResponse read = etcd.kv()
                .range(rangeOf(name, end())
                        .setSortTarget(target)
                        .setSortOrder(order)
                        .setKeysOnly(true)
                        .build());
        assertThat(read.getKvsList()).allMatch(entry -> entry.getValue().isEmpty());
        return keys(read).stream().map(key -> key.substring(name.length() + 1)).toList();
    }

    @Test
    void zeroAsRangeEndMeansEveryKeyFromThere() {
        etcd.put("zzz/" + name, "last");

        RangeResponse read = etcd.kv()
                .range(RangeRequest.newBuilder()
                        .setKey(bytes("zzz/" + name))
                        .setRangeEnd(ZERO)
                        .setSerializable(true)
                        .build());

        assertThat(keys(read)).containsExactly("zzz/" + name);
    }

    @Test
    void aRangeWhoseEndLiesBeforeItsKeyHoldsNothing() {
        etcd.put(key("a"), "1");

        assertThat(etcd.kv().range(rangeOf(end(), name).build()).getCount()).isZero();
        assertThat(etcd.kv().deleteRange(deleteOf(end(), name).build()).getDeleted())
                .isZero();
    }

    @Test
    void thePastIsReadUntilItIsCompacted() {
        long first = etcd.put(key("a"), "1");
        long second = etcd.put(key("a"), "2");
        etcd.put(key("a"), "3");
        RangeRequest past = rangeOf(key("a")).setRevision(first).build();

        assertThat(etcd.kv().range(past).getKvs(0).getValue()).isEqualTo(bytes("1"));
        etcd.kv()
                .compact(CompactionRequest.newBuilder()
                        .setRevision(second)
                        .setPhysical(true)
                        .build());

        String compacted = "etcdserver: mvcc: required revision has been compacted";
        Refusal.expect(() -> etcd.kv().range(past), Code.OUT_OF_RANGE, compacted);
        Refusal.expect(
                () -> etcd.kv()
                        .compact(CompactionRequest.newBuilder()
                                .setRevision(second)
                                .build()),
                Code.OUT_OF_RANGE,
                compacted);
        assertThat(etcd.kv()
                        .range(rangeOf(key("a")).setRevision(second).build())
                        .getKvs(0)
                        .getValue())
                .isEqualTo(bytes("2"));
        // The state at the compaction revision can be read, but etcd 3.4 does not hash it.
        Refusal.expect(() -> hashAt(second), Code.OUT_OF_RANGE, compacted);
        assertThat(hashAt(second + 1).getCompactRevision()).isEqualTo(second);
    }

    private HashKVResponse hashAt(long revision) {
        return etcd.maintenance()
                .hashKV(HashKVRequest.newBuilder().setRevision(revision).build());
    }

    @Test
    void theFutureCanNeitherBeReadNorCompacted() {
        long ahead = etcd.put(key("a"), "1") + 1_000;
        String future = "etcdserver: mvcc: required revision is a future revision";

        Refusal.expect(
                () -> etcd.kv().range(rangeOf(key("a")).setRevision(ahead).build()), Code.OUT_OF_RANGE, future);
        Refusal.expect(
                () -> etcd.kv().range(rangeOf(end(), name).setRevision(ahead).build()), Code.OUT_OF_RANGE, future);
        Refusal.expect(
                () -> etcd.kv()
                        .compact(CompactionRequest.newBuilder()
                                .setRevision(ahead)
                                .build()),
                Code.OUT_OF_RANGE,
                future);
    }

    @Test
    void aDeletionTellsWhatItDeletedAndOneOfNothingChangesNothing() {
        etcd.put(key("a"), "1");
        long before = etcd.put(key("b"), "2");

        DeleteRangeResponse deleted =
                etcd.kv().deleteRange(deleteOf(name, end()).setPrevKv(true).build());
        DeleteRangeResponse nothing =
                etcd.kv().deleteRange(deleteOf(name, end()).build());

        assertThat(deleted.getDeleted()).isEqualTo(2);
        assertThat(deleted.getPrevKvsList())
                .extracting(entry -> entry.getValue().toStringUtf8())
                .containsExactly("1", "2");
        assertThat(deleted.getHeader().getRevision()).isEqualTo(before + 1);
        assertThat(nothing.getDeleted()).isZero();
        assertThat(nothing.getHeader().getRevision()).isEqualTo(before + 1);
    }

    @Test
    void badInputIsRefusedInEtcdsWords() {
        Refusal.expect(
                () -> etcd.kv().range(RangeRequest.getDefaultInstance()),
                Code.INVALID_ARGUMENT,
                "etcdserver: key is not provided");
        Refusal.expect(
                () -> etcd.kv().put(PutRequest.getDefaultInstance()),
                Code.INVALID_ARGUMENT,
                "etcdserver: key is not provided");
        Refusal.expect(
                () -> etcd.kv().deleteRange(DeleteRangeRequest.getDefaultInstance()),
                Code.INVALID_ARGUMENT,
                "etcdserver: key is not provided");
        Refusal.expect(
                () -> etcd.kv().put(putOf(key("a"), "1").setIgnoreValue(true).build()),
                Code.INVALID_ARGUMENT,
                "etcdserver: value is provided");
        Refusal.expect(
                () -> etcd.kv()
                        .put(putOf(key("a"), "1")
                                .setIgnoreLease(true)
                                .setLease(7)
                                .build()),
                Code.INVALID_ARGUMENT,
                "etcdserver: lease is provided");
        Refusal.expect(
                () -> etcd.kv().put(putOf(key("none"), "").setIgnoreValue(true).build()),
                Code.INVALID_ARGUMENT,
                "etcdserver: key not found");
        Refusal.expect(
                () -> etcd.kv().put(putOf(key("a"), "1").setLease(4711).build()),
                Code.NOT_FOUND,
                "etcdserver: requested lease not found");
        Refusal.expect(
                () -> etcd.kv().put(putOf(key("a"), "x".repeat(1_100_000)).build()),
                Code.INVALID_ARGUMENT,
                "etcdserver: request is too large");
        Refusal.expect(
                () -> etcd.kv().put(putOf(key("a"), "x".repeat(1_600_000)).build()),
                Code.INVALID_ARGUMENT,
                "etcdserver: request is too large");
        Refusal.expect(
                () -> etcd.kv().put(putOf("k".repeat(5_000), "1").build()),
                Code.INVALID_ARGUMENT,
                "etcdserver: key: 5000 bytes (expected: at most 4096)");
    }

    @Test
    void aCallThatDemandsALeaderIsServedWhereOneIsKnown() {
        Metadata demand = new Metadata();
        demand.put(EtcdInterceptor.HAS_LEADER, "true");

        RangeResponse read = etcd.kv()
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(demand))
                .range(rangeOf(key("a")).build());

        assertThat(read.getCount()).isZero();
    }

    private static List<String> keys(RangeResponse read) {
        return read.getKvsList().stream()
                .map(entry -> entry.getKey().toStringUtf8())
                .toList();
    }
}
