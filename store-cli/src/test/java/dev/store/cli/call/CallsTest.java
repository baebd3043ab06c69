package dev.store.cli.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.ClusterGrpc;
import dev.store.api.v1.GetRequest;
import dev.store.api.v1.GetResponse;
import dev.store.api.v1.KVGrpc;
import dev.store.api.v1.KeyValue;
import dev.store.api.v1.MaintenanceGrpc;
import dev.store.api.v1.OperationId;
import dev.store.api.v1.Put;
import dev.store.api.v1.PutRequest;
import dev.store.api.v1.PutResponse;
import dev.store.api.v1.RemoveRequest;
import dev.store.api.v1.SnapshotChunk;
import dev.store.api.v1.SnapshotRequest;
import dev.store.cli.ScriptedMember;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CallsTest {
    private static final GetRequest GET =
            GetRequest.newBuilder().setKey(ByteString.copyFromUtf8("k")).build();
    private static final PutRequest PUT = PutRequest.newBuilder()
            .setOperation(OperationId.newBuilder().setClientId(7).setSequence(1))
            .build();

    private static Calls calls(long timeoutMillis, String... endpoints) {
        return new Calls(Endpoint.parseList(String.join(",", endpoints)), timeoutMillis);
    }

    private static GetResponse value(int bytes) {
        return GetResponse.newBuilder()
                .setEntry(KeyValue.newBuilder().setValue(ByteString.copyFrom(new byte[bytes])))
                .build();
    }

    private static String unusedEndpoint() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + socket.getLocalPort();
        }
    }

    @Test
    void answersLargerThanTheWindowArriveWhole() throws IOException {
        try (ScriptedMember member =
                        ScriptedMember.answering(ScriptedMember.unary(KVGrpc.getGetMethod(), q -> value(9 << 20)));
                Calls calls = calls(10_000, member.endpoint())) {
            assertThat(calls.unary(Methods.get(), GET).getEntry().getValue().size())
                    .isEqualTo(9 << 20);
        }
    }

    @Test
    void requestsLargerThanTheWindowArriveWhole() throws IOException {
        PutRequest large = PUT.toBuilder()
                .setPut(Put.newBuilder().setValue(ByteString.copyFrom(new byte[6 << 20])))
                .build();
        try (ScriptedMember member = ScriptedMember.answering(
                        ScriptedMember.unary(KVGrpc.getPutMethod(), q -> PutResponse.getDefaultInstance()));
                Calls calls = calls(10_000, member.endpoint())) {
            calls.unary(Methods.put(), large);

            assertThat(member.requests()).containsExactly(large);
        }
    }

    @Test
    void oneConnectionServesCallAfterCall() throws IOException {
        try (ScriptedMember member =
                        ScriptedMember.answering(ScriptedMember.unary(KVGrpc.getGetMethod(), q -> value(100_000)));
                Calls calls = calls(10_000, member.endpoint())) {
            for (int i = 0; i < 100; i++) {
                calls.unary(Methods.get(), GET);
            }
            assertThat(member.requests()).hasSize(100);
        }
    }

    @Test
    void aMemberThatCannotBeReachedIsPassedOver() throws IOException {
        try (ScriptedMember member =
                        ScriptedMember.answering(ScriptedMember.unary(KVGrpc.getGetMethod(), q -> value(1)));
                Calls calls = calls(5_000, unusedEndpoint(), member.endpoint())) {
            calls.unary(Methods.get(), GET);

            assertThat(calls.endpoint()).hasToString(member.endpoint());
        }
    }

    @Test
    void aFrozenMemberIsPassedOver() throws IOException {
        // Accepted by the kernel, answered by nobody: as a member stopped with SIGSTOP.
        try (ServerSocket frozen = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                ScriptedMember member =
                        ScriptedMember.answering(ScriptedMember.unary(KVGrpc.getGetMethod(), q -> value(1)));
                Calls calls = calls(5_000, "127.0.0.1:" + frozen.getLocalPort(), member.endpoint())) {
            calls.unary(Methods.get(), GET);

            assertThat(member.requests()).hasSize(1);
        }
    }

    @Test
    void aChangeThatMayHaveTakenEffectIsSentAgainWithTheSameId() throws IOException {
        AtomicInteger times = new AtomicInteger();
        try (ScriptedMember member = ScriptedMember.answering(ScriptedMember.unary(KVGrpc.getPutMethod(), q -> {
                    if (times.incrementAndGet() == 1) {
                        throw new StoreException(ErrorCode.OUTCOME_UNKNOWN, "leadership was lost");
                    }
                    return PutResponse.getDefaultInstance();
                }));
                Calls calls = calls(5_000, member.endpoint())) {
            calls.unary(Methods.put(), PUT);

            assertThat(member.requests()).containsExactly(PUT, PUT);
        }
    }

    @Test
    void aChangeWithoutAnIdIsNotSentAgain() throws IOException {
        try (ScriptedMember member = ScriptedMember.answering(ScriptedMember.unary(ClusterGrpc.getRemoveMethod(), q -> {
                    throw new StoreException(ErrorCode.CONNECTION_LOST, "lost");
                }));
                Calls calls = calls(5_000, member.endpoint())) {
            assertThatThrownBy(() -> calls.unary(Methods.remove(), RemoveRequest.getDefaultInstance()))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUTCOME_UNKNOWN));
            assertThat(member.requests()).hasSize(1);
        }
    }

    @Test
    void aChangeThatNobodyAnswersHasAnUnknownOutcome() throws IOException {
        try (ScriptedMember member = ScriptedMember.answering(ScriptedMember.silent(KVGrpc.getPutMethod()));
                Calls calls = calls(300, member.endpoint())) {
            assertThatThrownBy(() -> calls.unary(Methods.put(), PUT))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUTCOME_UNKNOWN));
        }
    }

    @Test
    void theErrorOfTheMemberArrivesWithItsDetails() throws IOException {
        // Long enough for the server to compress it, and with signs that are percent-encoded on the way.
        String message = "revision: 3 (expected: > 17) – äöü 100 % " + "x".repeat(2_000);
        try (ScriptedMember member = ScriptedMember.answering(ScriptedMember.unary(KVGrpc.getGetMethod(), q -> {
                    throw new StoreException(ErrorCode.COMPACTED, message, Map.of("compact_revision", "17"), null);
                }));
                Calls calls = calls(5_000, member.endpoint())) {
            assertThatThrownBy(() -> calls.unary(Methods.get(), GET))
                    .isInstanceOfSatisfying(StoreException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.COMPACTED);
                        assertThat(e).hasMessage(message);
                        assertThat(e.details()).containsEntry("compact_revision", "17");
                    });
        }
    }

    @Test
    void membersWithoutLeaderAreAskedAgainUntilThereIsOne() throws IOException {
        AtomicInteger times = new AtomicInteger();
        try (ScriptedMember member = ScriptedMember.answering(ScriptedMember.unary(KVGrpc.getGetMethod(), q -> {
                    if (times.incrementAndGet() < 4) {
                        throw new StoreException(ErrorCode.NO_LEADER, "no leader");
                    }
                    return value(1);
                }));
                Calls calls = calls(10_000, member.endpoint())) {
            calls.unary(Methods.get(), GET);

            assertThat(member.requests()).hasSize(4);
        }
    }

    @Test
    void whenNobodyCanBeReachedTheErrorNamesEveryMember() throws IOException {
        String one = unusedEndpoint();
        String two = unusedEndpoint();
        try (Calls calls = calls(60_000, one, two)) {
            assertThatThrownBy(() -> calls.unary(Methods.get(), GET))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNREACHABLE))
                    .hasMessageContaining(one)
                    .hasMessageContaining(two);
        }
    }

    @Test
    void anotherKindOfServerIsTold() throws Exception {
        try (ServerSocket http = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Calls calls = calls(1_000, "127.0.0.1:" + http.getLocalPort())) {
            CompletableFuture<Void> server = CompletableFuture.runAsync(() -> {
                try {
                    while (true) {
                        try (Socket socket = http.accept()) {
                            OutputStream out = socket.getOutputStream();
                            out.write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                            out.flush();
                        }
                    }
                } catch (IOException e) {
                    // The test is over.
                }
            });

            assertThatThrownBy(() -> calls.unary(Methods.get(), GET))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("is it the port for clients?");
            http.close();
            server.join();
        }
    }

    @Test
    void aCallThatTheMemberDoesNotOfferIsTold() throws IOException {
        try (ScriptedMember member =
                        ScriptedMember.answering(ScriptedMember.silent(MaintenanceGrpc.getStatusMethod()));
                Calls calls = calls(1_000, member.endpoint())) {
            assertThatThrownBy(() -> calls.unary(Methods.get(), GET))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNIMPLEMENTED))
                    .hasMessageContaining("is it the port for clients?");
        }
    }

    @Test
    void aStreamArrivesWholeAndInOrder() throws IOException {
        List<SnapshotChunk> chunks = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            chunks.add(SnapshotChunk.newBuilder()
                    .setData(ByteString.copyFrom(new byte[(1 << 20) - i]))
                    .build());
        }
        try (ScriptedMember member =
                        ScriptedMember.answering(ScriptedMember.stream(MaintenanceGrpc.getSnapshotMethod(), chunks));
                Calls calls = calls(10_000, member.endpoint())) {
            List<SnapshotChunk> read = new ArrayList<>();
            calls.stream(Methods.snapshot(), SnapshotRequest.getDefaultInstance(), 10_000, read::add);

            assertThat(read).isEqualTo(chunks);
        }
    }
}
