package dev.store.cli.command;

import static dev.store.cli.ScriptedMember.unary;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.CompactResponse;
import dev.store.api.v1.DeleteRequest;
import dev.store.api.v1.DeleteResponse;
import dev.store.api.v1.DeleteResult;
import dev.store.api.v1.GetRequest;
import dev.store.api.v1.GetResponse;
import dev.store.api.v1.KVGrpc;
import dev.store.api.v1.KeyValue;
import dev.store.api.v1.LeaseGrantRequest;
import dev.store.api.v1.LeaseGrantResponse;
import dev.store.api.v1.LeaseGrpc;
import dev.store.api.v1.PutRequest;
import dev.store.api.v1.PutResponse;
import dev.store.api.v1.PutResult;
import dev.store.api.v1.RangeRequest;
import dev.store.api.v1.RangeResponse;
import dev.store.api.v1.RangeResult;
import dev.store.api.v1.ReadConsistency;
import dev.store.api.v1.ResponseHeader;
import dev.store.api.v1.TxnRequest;
import dev.store.api.v1.TxnResponse;
import dev.store.api.v1.TxnResult;
import dev.store.cli.CommandRun;
import dev.store.cli.ExitCode;
import dev.store.cli.ScriptedMember;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class CommandsTest {
    private static final ResponseHeader HEADER =
            ResponseHeader.newBuilder().setRevision(42).build();
    private static final byte[] BINARY = {0, (byte) 0xff, '\n'};

    private static KeyValue entry(String key, String value) {
        return entry(key, ByteString.copyFromUtf8(value));
    }

    private static KeyValue entry(String key, ByteString value) {
        return KeyValue.newBuilder()
                .setKey(ByteString.copyFromUtf8(key))
                .setValue(value)
                .setCreateRevision(3)
                .setModRevision(40)
                .setVersion(2)
                .setCreatedAtMs(1_000)
                .setModifiedAtMs(2_000)
                .build();
    }

    private static ScriptedMember holding(KeyValue entry) throws IOException {
        return ScriptedMember.answering(unary(
                KVGrpc.getGetMethod(),
                q -> GetResponse.newBuilder().setHeader(HEADER).setEntry(entry).build()));
    }

    @Test
    void getPrintsTheValue() throws IOException {
        try (ScriptedMember member = holding(entry("greeting", "hello"))) {
            CommandRun run = CommandRun.against(member.endpoint())
                    .run("get", "greeting", "--serializable", "--rev", "41", "-n", "shop");

            assertThat(run.out()).isEqualTo("hello\n");
            assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
            GetRequest request = (GetRequest) member.requests().get(0);
            assertThat(request.getNamespace()).isEqualTo("shop");
            assertThat(request.getRevision()).isEqualTo(41);
            assertThat(request.getRead().getConsistency()).isEqualTo(ReadConsistency.READ_CONSISTENCY_SERIALIZABLE);
        }
    }

    @Test
    void getPrintsJson() throws IOException {
        try (ScriptedMember member = holding(entry("greeting", "hello"))) {
            assertThat(CommandRun.against(member.endpoint())
                            .run("get", "greeting", "-o", "json")
                            .out())
                    .isEqualTo("{\"revision\":42,\"found\":true,\"entry\":{\"key\":\"greeting\",\"value\":\"hello\","
                            + "\"create_revision\":3,\"mod_revision\":40,\"version\":2,\"lease_id\":\"0\","
                            + "\"created_at_ms\":1000,\"modified_at_ms\":2000,\"modified_by\":\"anonymous\"}}\n");
        }
    }

    @Test
    void getPrintsTheBytesAsTheyAre() throws IOException {
        try (ScriptedMember member = holding(entry("k", ByteString.copyFrom(BINARY)))) {
            assertThat(CommandRun.against(member.endpoint())
                            .run("get", "k", "--print-value-only")
                            .bytes())
                    .isEqualTo(BINARY);
        }
    }

    @Test
    void aValueDoesNotSteerTheTerminal() throws IOException {
        try (ScriptedMember member = holding(entry("k", "a\u001b[2Jb"))) {
            assertThat(CommandRun.against(member.endpoint())
                            .with("STORE_TTY", "out")
                            .run("get", "k")
                            .out())
                    .isEqualTo("a\\x1b[2Jb\n");
            assertThat(CommandRun.against(member.endpoint()).run("get", "k").out())
                    .isEqualTo("a\u001b[2Jb\n");
        }
    }

    @Test
    void getPrintsWhatIsKnownOfAKey() throws IOException {
        try (ScriptedMember member = holding(entry("k", "v"))) {
            assertThat(CommandRun.against(member.endpoint())
                            .run("get", "k", "--long")
                            .out())
                    .isEqualTo("""
                            key          k
                            value        v
                            revision     40
                            created at   3
                            version      2
                            lease        -
                            modified     1970-01-01T00:00:02Z by anonymous
                            """);
        }
    }

    @Test
    void aMissingKeyIsANo() throws IOException {
        try (ScriptedMember member = ScriptedMember.answering(unary(
                KVGrpc.getGetMethod(),
                q -> GetResponse.newBuilder().setHeader(HEADER).build()))) {
            CommandRun text = CommandRun.against(member.endpoint()).run("get", "k");
            CommandRun json = CommandRun.against(member.endpoint()).run("get", "k", "-o", "json");

            assertThat(text.exitCode()).isEqualTo(ExitCode.NO);
            assertThat(text.out()).isEmpty();
            assertThat(text.err()).isEqualTo("store: key not found: k\n");
            assertThat(json.exitCode()).isEqualTo(ExitCode.NO);
            assertThat(json.out()).isEqualTo("{\"revision\":42,\"found\":false}\n");
        }
    }

    @Test
    void putTakesArgumentsFilesAndStandardInput(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("value"), BINARY);
        try (ScriptedMember member = ScriptedMember.answering(unary(
                KVGrpc.getPutMethod(),
                q -> PutResponse.newBuilder().setHeader(HEADER).build()))) {
            CommandRun.against(member.endpoint()).run("put", "k", "v", "--lease", "7");
            CommandRun.against(member.endpoint()).run("put", "k", "--file", file.toString());
            CommandRun.against(member.endpoint()).typing("typed\n").run("put", "k", "-");
            CommandRun last = CommandRun.against(member.endpoint()).run("put", "k", "--", "-5");

            assertThat(last.out()).isEqualTo("revision 42\n");
            assertThat(member.requests())
                    .extracting(request -> ((PutRequest) request).getPut().getValue())
                    .containsExactly(
                            ByteString.copyFromUtf8("v"),
                            ByteString.copyFrom(BINARY),
                            ByteString.copyFromUtf8("typed\n"),
                            ByteString.copyFromUtf8("-5"));
            assertThat(member.requests())
                    .extracting(request -> ((PutRequest) request).getOperation().getClientId())
                    .doesNotHaveDuplicates()
                    .doesNotContain(0L);
            assertThat(((PutRequest) member.requests().get(0)).getPut().getLeaseId())
                    .isEqualTo(7);
        }
    }

    @Test
    void putShowsWhatWasBefore() throws IOException {
        try (ScriptedMember member = ScriptedMember.answering(unary(KVGrpc.getPutMethod(), q -> PutResponse.newBuilder()
                .setHeader(HEADER)
                .setResult(PutResult.newBuilder().setPrevious(entry("k", "old")))
                .build()))) {
            assertThat(CommandRun.against(member.endpoint())
                            .run("put", "k", "v", "--prev")
                            .out())
                    .startsWith("revision 42\nbefore:\nkey          k\nvalue        old\n");
        }
    }

    @Test
    void aValueMustComeFromExactlyOneSource() {
        CommandRun none = CommandRun.against("127.0.0.1:1").run("put", "k");
        CommandRun two = CommandRun.against("127.0.0.1:1").run("put", "k", "v", "--file", "f");

        assertThat(none.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(none.err()).contains("given 0 times (expected: exactly one of");
        assertThat(two.err()).contains("given 2 times");
    }

    @Test
    void aFileThatIsMissingOrTooLargeIsNamed(@TempDir Path folder) throws IOException {
        Path large = Files.write(folder.resolve("large"), new byte[(1 << 20) + 1]);

        assertThat(CommandRun.against("127.0.0.1:1")
                        .run("put", "k", "-f", "/absent")
                        .err())
                .contains("/absent");
        CommandRun tooLarge = CommandRun.against("127.0.0.1:1").run("put", "k", "-f", large.toString());
        assertThat(tooLarge.err()).contains("more than 1048576 bytes");
        assertThat(tooLarge.exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void delNeedsAllForEveryKey() throws IOException {
        try (ScriptedMember member =
                ScriptedMember.answering(unary(KVGrpc.getDeleteMethod(), q -> DeleteResponse.newBuilder()
                        .setHeader(HEADER)
                        .setResult(DeleteResult.newBuilder().setDeleted(2))
                        .build()))) {
            assertThat(CommandRun.against(member.endpoint()).run("del").exitCode())
                    .isEqualTo(ExitCode.USAGE);
            assertThat(CommandRun.against(member.endpoint())
                            .run("del", "", "--prefix")
                            .exitCode())
                    .isEqualTo(ExitCode.USAGE);
            assertThat(member.requests()).isEmpty();

            assertThat(CommandRun.against(member.endpoint()).run("del", "--all").out())
                    .isEqualTo("deleted 2 keys, revision 42\n");
            assertThat(((DeleteRequest) member.requests().get(0))
                            .getDelete()
                            .getKeys()
                            .getPrefix())
                    .isEqualTo(ByteString.EMPTY);
        }
    }

    @Test
    void rangeReadsPageAfterPageUpToTheLimit() throws IOException {
        try (ScriptedMember member = ScriptedMember.answering(unary(KVGrpc.getRangeMethod(), q -> {
            boolean first = q.getRange().getContinuation().isEmpty();
            RangeResult.Builder page = RangeResult.newBuilder().setRevision(42).setMore(true);
            page.setContinuation(ByteString.copyFromUtf8("next"));
            page.addEntries(entry(first ? "a" : "c", "1")).addEntries(entry(first ? "b" : "d", "2"));
            return RangeResponse.newBuilder().setHeader(HEADER).setResult(page).build();
        }))) {
            CommandRun run = CommandRun.against(member.endpoint()).run("range", "--limit", "3");

            assertThat(run.out()).isEqualTo("""
                    KEY   VALUE
                    a     1
                    b     2
                    c     1
                    """);
            RangeRequest second = (RangeRequest) member.requests().get(1);
            assertThat(second.toBuilder().clearRange().build())
                    .isEqualTo(((RangeRequest) member.requests().get(0))
                            .toBuilder().clearRange().build());
            assertThat(second.getRange().toBuilder().clearContinuation().build())
                    .isEqualTo(((RangeRequest) member.requests().get(0)).getRange());
        }
    }

    @Test
    void rangePrintsJsonKeysAndCounts() throws IOException {
        try (ScriptedMember member =
                ScriptedMember.answering(unary(KVGrpc.getRangeMethod(), q -> RangeResponse.newBuilder()
                        .setHeader(HEADER)
                        .setResult(
                                q.getRange().getCountOnly()
                                        ? RangeResult.newBuilder()
                                                .setRevision(42)
                                                .setCount(7)
                                        : RangeResult.newBuilder()
                                                .setRevision(42)
                                                .addEntries(entry("a\n", "1")))
                        .build()))) {
            assertThat(CommandRun.against(member.endpoint())
                            .run("range", "a", "--prefix", "-o", "json", "--keys-only")
                            .out())
                    .isEqualTo("{\"revision\":42,\"entries\":[{\"key\":\"a\\n\",\"create_revision\":3,"
                            + "\"mod_revision\":40,\"version\":2,\"lease_id\":\"0\",\"created_at_ms\":1000,"
                            + "\"modified_at_ms\":2000,\"modified_by\":\"anonymous\"}],\"count\":1,\"more\":false}\n");
            assertThat(CommandRun.against(member.endpoint())
                            .run("range", "--keys-only")
                            .out())
                    .isEqualTo("a\\n\n");
            assertThat(CommandRun.against(member.endpoint())
                            .run("get", "a", "--prefix", "--count-only")
                            .out())
                    .isEqualTo("7\n");
        }
    }

    @Test
    void txnTellsWhetherItsComparesHeld() throws IOException {
        try (ScriptedMember member = ScriptedMember.answering(unary(KVGrpc.getTxnMethod(), q -> TxnResponse.newBuilder()
                .setHeader(HEADER)
                .setResult(TxnResult.newBuilder().setSucceeded(q.getTxn().getComparesCount() == 0))
                .build()))) {
            CommandRun held =
                    CommandRun.against(member.endpoint()).typing("\nput a b\n").run("txn");
            CommandRun failed = CommandRun.against(member.endpoint())
                    .typing("{\"compare\":[{\"key\":\"a\",\"field\":\"version\",\"value\":0}]}")
                    .run("txn", "-o", "json");

            assertThat(held.exitCode()).isEqualTo(ExitCode.OK);
            assertThat(held.out()).isEqualTo("compares held, revision 42\n");
            assertThat(failed.exitCode()).isEqualTo(ExitCode.NO);
            assertThat(failed.out()).isEqualTo("{\"revision\":42,\"succeeded\":false,\"results\":[]}\n");
            assertThat(((TxnRequest) member.requests().get(0)).getOperation().getClientId())
                    .isNotZero();
        }
    }

    @Test
    void leaseGrantPrintsTheIdForScripts() throws IOException {
        try (ScriptedMember member =
                ScriptedMember.answering(unary(LeaseGrpc.getGrantMethod(), q -> LeaseGrantResponse.newBuilder()
                        .setHeader(HEADER)
                        .setLeaseId(Long.MAX_VALUE)
                        .setTtlMs(q.getTtlMs())
                        .build()))) {
            assertThat(CommandRun.against(member.endpoint())
                            .run("lease", "grant", "2m")
                            .out())
                    .isEqualTo("9223372036854775807\n");
            assertThat(((LeaseGrantRequest) member.requests().get(0)).getTtlMs())
                    .isEqualTo(120_000);
            assertThat(CommandRun.against(member.endpoint())
                            .run("lease", "grant", "soon")
                            .err())
                    .contains("TTL: \"soon\"");
        }
    }

    @Test
    void anErrorSaysWhatToDoNext() throws IOException {
        try (ScriptedMember member = ScriptedMember.answering(unary(KVGrpc.getCompactMethod(), q -> {
            if (q.getRevision() == 1) {
                return CompactResponse.getDefaultInstance();
            }
            throw new StoreException(
                    ErrorCode.COMPACTED, "revision: 5 (expected: > 17)", Map.of("compact_revision", "17"), null);
        }))) {
            CommandRun text = CommandRun.against(member.endpoint()).run("compact", "5");
            CommandRun json = CommandRun.against(member.endpoint()).run("compact", "5", "-o", "json");

            assertThat(text.exitCode()).isEqualTo(ExitCode.CONFLICT);
            assertThat(text.out()).isEmpty();
            assertThat(text.err()).isEqualTo("""
                            store: revision: 5 (expected: > 17)
                              Revisions below 17 are forgotten; use 17 or a later one.
                            """);
            assertThat(json.err())
                    .isEqualTo(
                            "{\"error\":{\"code\":\"COMPACTED\",\"message\":\"revision: 5 (expected: > 17)\","
                                    + "\"hint\":\"Revisions below 17 are forgotten; use 17 or a later one.\",\"exit_code\":5}}\n");
        }
    }

    @Test
    void whenNoMemberIsThereTheHintSaysHowToStartOne() {
        CommandRun run = CommandRun.against("127.0.0.1:1").run("get", "k");

        assertThat(run.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(run.err()).contains("127.0.0.1:1: Connection refused").contains("store cluster start");
    }

    @Test
    void statusShowsAMemberThatDoesNotAnswer() {
        CommandRun run = CommandRun.against("127.0.0.1:1").run("status");

        assertThat(run.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(run.out()).contains("127.0.0.1:1").contains("Connection refused");
    }
}
