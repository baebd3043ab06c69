package dev.store.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import dev.store.api.v1.CompactRequest;
import dev.store.api.v1.Delete;
import dev.store.api.v1.DeleteRequest;
import dev.store.api.v1.GetRequest;
import dev.store.api.v1.HashRequest;
import dev.store.api.v1.KVGrpc;
import dev.store.api.v1.KeySelector;
import dev.store.api.v1.KeySpan;
import dev.store.api.v1.LeaseGrantRequest;
import dev.store.api.v1.LeaseKeepAliveRequest;
import dev.store.api.v1.LeaseListRequest;
import dev.store.api.v1.LeaseRevokeRequest;
import dev.store.api.v1.LeaseTimeToLiveRequest;
import dev.store.api.v1.OperationId;
import dev.store.api.v1.Put;
import dev.store.api.v1.PutRequest;
import dev.store.api.v1.Range;
import dev.store.api.v1.RangeChunk;
import dev.store.api.v1.RangeRequest;
import dev.store.api.v1.ReadOptions;
import dev.store.api.v1.SnapshotChunk;
import dev.store.api.v1.SnapshotRequest;
import dev.store.api.v1.StatusRequest;
import dev.store.api.v1.Txn;
import dev.store.api.v1.TxnOp;
import dev.store.api.v1.TxnRequest;
import dev.store.server.testing.TestCluster;
import dev.store.server.testing.TestCluster.Node;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every call of one real node, and every limit: at it, and one past it. */
@Timeout(60)
class OneNodeTest {
    @TempDir
    static Path folder;

    private static TestCluster cluster;
    private static Node node;

    @BeforeAll
    static void start() throws IOException {
        cluster = TestCluster.start(folder, 1, Map.of());
        node = cluster.node(0);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void aPutIsReadBackWithItsMetadata() {
        var first = node.kv().put(put(key("meta"), value(3)));
        var second = node.kv().put(put(key("meta"), value(5)));

        var got = node.kv().get(GetRequest.newBuilder().setKey(key("meta")).build());

        assertThat(got.getEntry().getValue()).isEqualTo(value(5));
        assertThat(got.getEntry().getVersion()).isEqualTo(2);
        assertThat(got.getEntry().getCreateRevision())
                .isEqualTo(first.getHeader().getRevision());
        assertThat(got.getEntry().getModRevision()).isEqualTo(second.getHeader().getRevision());
        assertThat(got.getHeader().getMemberId()).isNotZero();
        assertThat(got.getHeader().getRaftTerm()).isPositive();
    }

    @Test
    void anOldRevisionIsReadAsItWasUntilItIsCompacted() {
        long old = node.kv().put(put(key("old"), value(1))).getHeader().getRevision();
        long present = node.kv().put(put(key("old"), value(2))).getHeader().getRevision();
        GetRequest atOld =
                GetRequest.newBuilder().setKey(key("old")).setRevision(old).build();
        assertThat(node.kv().get(atOld).getEntry().getValue()).isEqualTo(value(1));

        node.kv()
                .compact(CompactRequest.newBuilder()
                        .setRevision(present)
                        .setWaitPhysical(true)
                        .build());

        assertThat(failure(() -> node.kv().get(atOld)).code()).isEqualTo(ErrorCode.COMPACTED);
    }

    @Test
    void aRepeatedOperationIsAppliedOnce() {
        PutRequest request = put(key("once"), value(1)).toBuilder()
                .setOperation(OperationId.newBuilder().setClientId(77).setSequence(1))
                .build();

        long first = node.kv().put(request).getHeader().getRevision();
        long again = node.kv().put(request).getHeader().getRevision();

        assertThat(again).isEqualTo(first);
        assertThat(node.kv()
                        .get(GetRequest.newBuilder().setKey(key("once")).build())
                        .getEntry()
                        .getVersion())
                .isEqualTo(1);
    }

    @Test
    void aLargeRangeIsStreamedWholeAtOneRevision() {
        int entries = 300;
        for (int i = 0; i < entries; i++) {
            node.kv().put(put(key(String.format("stream/%04d", i)), value(20_000)));
        }

        Iterator<RangeChunk> chunks = node.kv().streamRange(range(prefix("stream/")));
        List<String> keys = new ArrayList<>();
        long revision = 0;
        long total = -1;
        int count = 0;
        while (chunks.hasNext()) {
            RangeChunk chunk = chunks.next();
            if (count++ == 0) {
                revision = chunk.getHeader().getRevision();
                node.kv().put(put(key("stream/0299x"), value(1)));
            }
            assertThat(chunk.getHeader().getRevision()).isEqualTo(revision);
            chunk.getEntriesList().forEach(entry -> keys.add(entry.getKey().toStringUtf8()));
            total = chunk.hasTotal() ? chunk.getTotal() : total;
        }

        assertThat(count).isGreaterThan(10);
        assertThat(total).isEqualTo(entries);
        assertThat(keys).hasSize(entries).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aLeaseIsGrantedKeptAliveListedAndRevokedWithItsKeys() {
        long id = node.leases()
                .grant(LeaseGrantRequest.newBuilder().setTtlMs(60_000).build())
                .getLeaseId();
        node.kv()
                .put(PutRequest.newBuilder()
                        .setPut(Put.newBuilder().setKey(key("leased")).setLeaseId(id))
                        .build());

        var life = node.leases()
                .timeToLive(LeaseTimeToLiveRequest.newBuilder()
                        .setLeaseId(id)
                        .setKeys(true)
                        .build());
        assertThat(life.getKeysList()).containsExactly(key("leased"));
        assertThat(life.getRemainingMs()).isBetween(1L, 60_000L);
        assertThat(node.leases().list(LeaseListRequest.getDefaultInstance()).getLeasesList())
                .anySatisfy(lease -> assertThat(lease.getLeaseId()).isEqualTo(id));

        assertThat(node.leases()
                        .revoke(LeaseRevokeRequest.newBuilder().setLeaseId(id).build())
                        .getDeleted())
                .isEqualTo(1);
        assertThat(node.kv()
                        .get(GetRequest.newBuilder().setKey(key("leased")).build())
                        .hasEntry())
                .isFalse();
    }

    @Test
    void statusHashAndSnapshotAnswer() throws NoSuchAlgorithmException {
        node.kv().put(put(key("kept"), value(10)));

        var status = node.maintenance().status(StatusRequest.getDefaultInstance());
        assertThat(status.getName()).isEqualTo("n1");
        assertThat(status.getLeader()).isEqualTo("n1");
        assertThat(status.getVersion()).isNotEqualTo("unknown");
        assertThat(status.getLog().getAppliedIndex()).isPositive();
        assertThat(node.maintenance().hash(HashRequest.getDefaultInstance()).getEntries())
                .isPositive();

        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        Iterator<SnapshotChunk> chunks = node.maintenance().snapshot(SnapshotRequest.getDefaultInstance());
        SnapshotChunk first = chunks.next();
        SnapshotChunk last = first;
        digest.update(first.getData().toByteArray());
        while (chunks.hasNext()) {
            last = chunks.next();
            digest.update(last.getData().toByteArray());
        }
        assertThat(first.getHead().getHeader().getRevision()).isPositive();
        assertThat(last.getSha256().toByteArray()).isEqualTo(digest.digest());
        assertThat(folder.resolve("n1/exports")).isEmptyDirectory();
    }

    static Stream<Arguments> atTheLimit() {
        return Stream.of(
                call("key", () -> node.kv().put(put(bytes(Limits.KEY_BYTES), value(1)))),
                call("value", () -> node.kv().put(put(key("v"), value(Limits.VALUE_BYTES)))),
                call("operations", () -> node.kv().txn(txn(Limits.TXN_OPERATIONS))),
                call("page", () -> node.kv().range(range(prefix("p"), r -> r.setLimit(Limits.PAGE_ENTRIES)))),
                call("page bytes", () -> node.kv().range(range(prefix("p"), r -> r.setMaxBytes(Limits.PAGE_BYTES)))),
                call("lease", () -> node.leases().grant(grant(Limits.LEASE_TTL_MIN.toMillis()))),
                call("long lease", () -> node.leases().grant(grant(Limits.LEASE_TTL_MAX.toMillis()))),
                call("name", () -> node.kv()
                        .put(put(key("k"), value(1)).toBuilder()
                                .setNamespace("n".repeat(Limits.NAME_CHARACTERS))
                                .build())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("atTheLimit")
    void whatIsAtTheLimitIsServed(String what, Executable call) throws Throwable {
        call.execute();
    }

    static Stream<Arguments> bad() {
        return Stream.of(
                bad(ErrorCode.TOO_LARGE, "key: 4097 bytes", () -> node.kv().put(put(bytes(4097), value(1)))),
                bad(ErrorCode.TOO_LARGE, "value: 1048577 bytes", () -> node.kv().put(put(key("v"), value(1048577)))),
                bad(ErrorCode.TOO_LARGE, "request: ", () -> node.kv().txn(largeTxn())),
                bad(ErrorCode.TOO_LARGE, "129", () -> node.kv().txn(txn(129))),
                bad(ErrorCode.INVALID_ARGUMENT, "key: empty", () -> node.kv().put(put(ByteString.EMPTY, value(1)))),
                bad(ErrorCode.INVALID_ARGUMENT, "keys: not set", () -> node.kv()
                        .range(RangeRequest.getDefaultInstance())),
                bad(ErrorCode.INVALID_ARGUMENT, "span.start: \"b\"", () -> node.kv()
                        .range(range(span("b", "a")))),
                bad(ErrorCode.INVALID_ARGUMENT, "revision: -1", () -> node.kv()
                        .get(GetRequest.newBuilder()
                                .setKey(key("k"))
                                .setRevision(-1)
                                .build())),
                bad(ErrorCode.FUTURE_REVISION, "1000000", () -> node.kv()
                        .get(GetRequest.newBuilder()
                                .setKey(key("k"))
                                .setRevision(1_000_000)
                                .build())),
                bad(ErrorCode.FUTURE_REVISION, "1000000", () -> node.kv()
                        .compact(CompactRequest.newBuilder()
                                .setRevision(1_000_000)
                                .build())),
                bad(ErrorCode.INVALID_ARGUMENT, "limit: 10001", () -> node.kv()
                        .range(range(prefix("p"), r -> r.setLimit(10_001)))),
                bad(ErrorCode.INVALID_ARGUMENT, "max_bytes: 4194305", () -> node.kv()
                        .range(range(prefix("p"), r -> r.setMaxBytes(4_194_305)))),
                bad(ErrorCode.LEASE_NOT_FOUND, "4711", () -> node.kv()
                        .put(PutRequest.newBuilder()
                                .setPut(Put.newBuilder().setKey(key("k")).setLeaseId(4711))
                                .build())),
                bad(ErrorCode.LEASE_NOT_FOUND, "4711", () -> node.leases()
                        .timeToLive(LeaseTimeToLiveRequest.newBuilder()
                                .setLeaseId(4711)
                                .build())),
                bad(ErrorCode.INVALID_ARGUMENT, "ttl_ms: 999", () -> node.leases()
                        .grant(grant(999))),
                bad(ErrorCode.DUPLICATE_KEY, "", () -> node.kv().txn(duplicate())),
                bad(ErrorCode.INVALID_ARGUMENT, "namespace: \"No\"", () -> node.kv()
                        .put(put(key("k"), value(1)).toBuilder()
                                .setNamespace("No")
                                .build())),
                bad(ErrorCode.INVALID_ARGUMENT, "operation.client_id: 0", () -> node.kv()
                        .put(put(key("k"), value(1)).toBuilder()
                                .setOperation(OperationId.newBuilder().setSequence(1))
                                .build())),
                bad(ErrorCode.REVISION_NOT_REACHED, "", () -> node.kv()
                        .withDeadlineAfter(2, TimeUnit.SECONDS)
                        .get(GetRequest.newBuilder()
                                .setKey(key("k"))
                                .setRead(ReadOptions.newBuilder().setAtLeastRevision(1_000_000))
                                .build())));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("bad")
    void badInputIsRefusedByNameAndChangesNothing(ErrorCode code, String message, Executable call) {
        long before = node.revision();

        StoreException failure = failure(call);

        // The server's answer and the caller's deadline race where the server waits for all of the deadline.
        if (code != ErrorCode.REVISION_NOT_REACHED || failure.code() != ErrorCode.DEADLINE_EXCEEDED) {
            assertThat(failure.code()).as(failure.getMessage()).isEqualTo(code);
            assertThat(failure).hasMessageContaining(message);
        }
        assertThat(node.revision()).isEqualTo(before);
    }

    @Test
    void aMessageThatIsNoProtobufIsRefusedAndTheConnectionLivesOn() {
        MethodDescriptor<byte[], byte[]> raw =
                KVGrpc.getPutMethod().toBuilder(BYTES, BYTES).build();
        long before = node.revision();

        StatusRuntimeException failure = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> ClientCalls.blockingUnaryCall(
                        node.channel(), raw, CallOptions.DEFAULT, new byte[] {(byte) 0xff, 1, 2, 3}));

        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(failure).hasMessageContaining("request: no protobuf message of this method");
        assertThat(node.revision()).isEqualTo(before);
        node.kv().put(put(key("after"), value(1)));
    }

    @Test
    void aMessagePastTheTransportsLimitIsRefused() {
        StoreException failure = failure(() -> node.kv().put(put(key("v"), value(5 << 20))));

        assertThat(failure.code()).isIn(ErrorCode.TOO_LARGE, ErrorCode.CANCELED, ErrorCode.CONNECTION_LOST);
        node.kv().put(put(key("after"), value(1)));
    }

    @Test
    void aClientThatSpeaksToTheRaftPortIsToldThatNothingIsOfferedThere() {
        String[] endpoint = node.raftEndpoint().split(":", 2);
        ManagedChannel wrong = NettyChannelBuilder.forAddress(endpoint[0], Integer.parseInt(endpoint[1]))
                .usePlaintext()
                .build();
        try {
            StoreException failure = failure(() -> KVGrpc.newBlockingStub(wrong)
                    .withDeadlineAfter(10, TimeUnit.SECONDS)
                    .put(put(key("k"), value(1))));

            assertThat(failure.code()).isEqualTo(ErrorCode.UNIMPLEMENTED);
        } finally {
            wrong.shutdownNow();
        }
    }

    @Test
    void tooManyLeasesInOneKeepaliveEndTheStreamWithTheNumber() {
        LeaseKeepAliveRequest.Builder request = LeaseKeepAliveRequest.newBuilder();
        for (long i = 1; i <= Limits.KEEPALIVE_LEASES + 1; i++) {
            request.addLeaseIds(i);
        }
        var call = dev.store.api.v1.LeaseGrpc.getKeepAliveMethod();

        StoreException failure = failure(() -> {
            var responses = ClientCalls.blockingBidiStreamingCall(node.channel(), call, CallOptions.DEFAULT);
            responses.write(request.build());
            responses.read();
        });

        assertThat(failure).hasMessageContaining("lease_ids: 10001 (expected: 1 to 10000)");
    }

    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    };

    private static StoreException failure(Executable call) {
        Throwable thrown = catchThrowableOfType(Throwable.class, call::execute);
        assertThat(thrown).as("refused").isNotNull();
        return GrpcErrors.fromGrpc(thrown);
    }

    private static Arguments call(String what, Executable call) {
        return Arguments.of(what, call);
    }

    private static Arguments bad(ErrorCode code, String message, Executable call) {
        return Arguments.of(code, message, call);
    }

    private static PutRequest put(ByteString key, ByteString value) {
        return PutRequest.newBuilder()
                .setPut(Put.newBuilder().setKey(key).setValue(value))
                .build();
    }

    private static LeaseGrantRequest grant(long ttlMs) {
        return LeaseGrantRequest.newBuilder().setTtlMs(ttlMs).build();
    }

    private static TxnRequest txn(int puts) {
        Txn.Builder txn = Txn.newBuilder();
        for (int i = 0; i < puts; i++) {
            txn.addThen(TxnOp.newBuilder().setPut(Put.newBuilder().setKey(key("txn/" + i))));
        }
        return TxnRequest.newBuilder().setTxn(txn).build();
    }

    private static TxnRequest largeTxn() {
        Txn.Builder txn = Txn.newBuilder();
        for (int i = 0; i < 2; i++) {
            txn.addThen(TxnOp.newBuilder()
                    .setPut(Put.newBuilder().setKey(key("txn/" + i)).setValue(value(Limits.REQUEST_BYTES / 2))));
        }
        return TxnRequest.newBuilder().setTxn(txn).build();
    }

    private static TxnRequest duplicate() {
        TxnOp.Builder put = TxnOp.newBuilder().setPut(Put.newBuilder().setKey(key("twice")));
        return TxnRequest.newBuilder()
                .setTxn(Txn.newBuilder().addThen(put).addThen(put))
                .build();
    }

    private static RangeRequest range(KeySelector keys) {
        return range(keys, range -> {});
    }

    private static RangeRequest range(KeySelector keys, java.util.function.Consumer<Range.Builder> more) {
        Range.Builder range = Range.newBuilder().setKeys(keys);
        more.accept(range);
        return RangeRequest.newBuilder().setRange(range).build();
    }

    private static KeySelector prefix(String prefix) {
        return KeySelector.newBuilder().setPrefix(key(prefix)).build();
    }

    private static KeySelector span(String start, String end) {
        return KeySelector.newBuilder()
                .setSpan(KeySpan.newBuilder().setStart(key(start)).setEnd(key(end)))
                .build();
    }

    private static ByteString key(String key) {
        return ByteString.copyFromUtf8(key);
    }

    private static ByteString value(int size) {
        return bytes(size);
    }

    private static ByteString bytes(int size) {
        byte[] bytes = new byte[size];
        java.util.Arrays.fill(bytes, (byte) 'x');
        return ByteString.copyFrom(bytes);
    }

    @Test
    void aDeletionOfNothingChangesNothing() {
        long before = node.revision();

        var deleted = node.kv()
                .delete(DeleteRequest.newBuilder()
                        .setDelete(Delete.newBuilder().setKeys(prefix("nothing/")))
                        .build());

        assertThat(deleted.getResult().getDeleted()).isZero();
        assertThat(node.revision()).isEqualTo(before);
    }
}
