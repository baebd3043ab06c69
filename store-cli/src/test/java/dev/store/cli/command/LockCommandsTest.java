package dev.store.cli.command;

import static dev.store.cli.ScriptedMember.unary;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.store.api.client.Bytes;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.locks.HeldLock;
import dev.store.api.v1.DescribeLockResponse;
import dev.store.api.v1.KVGrpc;
import dev.store.api.v1.ListLocksResponse;
import dev.store.api.v1.LockGuard;
import dev.store.api.v1.LockHolder;
import dev.store.api.v1.LockMode;
import dev.store.api.v1.LockSummary;
import dev.store.api.v1.LockWaiter;
import dev.store.api.v1.LocksGrpc;
import dev.store.api.v1.PutRequest;
import dev.store.api.v1.PutResponse;
import dev.store.api.v1.PutResult;
import dev.store.api.v1.ResponseHeader;
import dev.store.cli.CommandRun;
import dev.store.cli.ExitCode;
import dev.store.cli.ScriptedMember;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LockCommandsTest {
    private static final ResponseHeader HEADER =
            ResponseHeader.newBuilder().setRevision(42).build();
    private static final LockHolder HOLDER = LockHolder.newBuilder()
            .setOwner("host:1")
            .setLeaseId(7)
            .setMode(LockMode.LOCK_MODE_EXCLUSIVE)
            .setToken(40)
            .setSinceMs(2_000)
            .build();

    @TempDir
    Path folder;

    @Test
    void listShowsEachLockInATableAndAsJson() throws IOException {
        try (ScriptedMember member =
                ScriptedMember.answering(unary(LocksGrpc.getListLocksMethod(), q -> ListLocksResponse.newBuilder()
                        .addLocks(LockSummary.newBuilder()
                                .setName("jobs/nightly")
                                .setHolderCount(1)
                                .setWaiterCount(2)
                                .setHolder(HOLDER))
                        .build()))) {
            assertThat(CommandRun.against(member.endpoint()).run("lock", "list").out())
                    .isEqualTo("""
                    LOCK           HOLDERS   WAITERS   PERMITS   FIRST HOLDER   TOKEN
                    jobs/nightly   1         2         -         host:1         40
                    """);
            assertThat(CommandRun.against(member.endpoint())
                            .run("lock", "list", "-o", "json")
                            .out())
                    .isEqualTo("{\"locks\":[{\"name\":\"jobs/nightly\",\"holders\":1,\"waiters\":2,\"permits\":0,"
                            + "\"owner\":\"host:1\",\"token\":40}]}\n");
        }
    }

    @Test
    void showTellsWhoHoldsAndWhoWaits() throws IOException {
        try (ScriptedMember member =
                ScriptedMember.answering(unary(LocksGrpc.getDescribeLockMethod(), q -> DescribeLockResponse.newBuilder()
                        .setHeader(HEADER)
                        .setHolderCount(1)
                        .addHolders(HOLDER)
                        .setWaiterCount(1)
                        .addWaiters(LockWaiter.newBuilder()
                                .setOwner("host:2")
                                .setMode(LockMode.LOCK_MODE_SHARED)
                                .setSinceMs(3_000)
                                .setLeaseId(8))
                        .build()))) {
            assertThat(CommandRun.against(member.endpoint())
                            .run("lock", "show", "jobs/nightly")
                            .out())
                    .isEqualTo("""
                            STATE   OWNER    MODE        SINCE                  LEASE   TOKEN
                            holds   host:1   exclusive   1970-01-01T00:00:02Z   7       40
                            waits   host:2   shared      1970-01-01T00:00:03Z   8       -
                            """);
        }
    }

    @Test
    void lockThatNobodyHoldsIsANo() throws IOException {
        try (ScriptedMember member = ScriptedMember.answering(
                unary(LocksGrpc.getDescribeLockMethod(), q -> DescribeLockResponse.getDefaultInstance()))) {
            CommandRun run = CommandRun.against(member.endpoint()).run("lock", "show", "l");

            assertThat(run.exitCode()).isEqualTo(ExitCode.NO);
            assertThat(run.err()).isEqualTo("store: nobody holds l\n");
        }
    }

    @Test
    void putDemandsLocksAndPrintsTheKeyThatASequentialOneGot() throws IOException {
        AtomicReference<PutRequest> seen = new AtomicReference<>();
        try (ScriptedMember member = ScriptedMember.answering(unary(KVGrpc.getPutMethod(), q -> {
            seen.set(q);
            return PutResponse.newBuilder()
                    .setHeader(HEADER)
                    .setResult(PutResult.newBuilder().setKey(ByteString.copyFromUtf8("q/12345678")))
                    .build();
        }))) {
            CommandRun run = CommandRun.against(member.endpoint())
                    .run("put", "q/", "job", "--sequential", "--require-lock", "a:b:40", "--require-lock=c:41");

            assertThat(run.out()).isEqualTo("revision 42\nkey q/12345678\n");
            PutRequest sent = java.util.Objects.requireNonNull(seen.get());
            assertThat(sent.getPut().getAppendRevision()).isTrue();
            assertThat(sent.getPut().getRequiredLocksList())
                    .containsExactly(
                            LockGuard.newBuilder().setName("a:b").setToken(40).build(),
                            LockGuard.newBuilder().setName("c").setToken(41).build());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jobs", "jobs:", ":4", "jobs:x", "jobs:-1"})
    void demandThatIsNoNameAndTokenIsAUsageError(String demand) {
        CommandRun run = CommandRun.against("127.0.0.1:1").run("put", "k", "v", "--require-lock", demand);

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("--require-lock: \"" + demand + "\" (expected: NAME:TOKEN");
    }

    @Test
    void lockWithoutANameIsAUsageError() {
        CommandRun run = CommandRun.against("127.0.0.1:1").run("lock");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("NAME: missing");
    }

    @Test
    void electionWantsAValueOrAnObserver() {
        CommandRun none = CommandRun.against("127.0.0.1:1").run("elect", "e");
        CommandRun both = CommandRun.against("127.0.0.1:1").run("elect", "e", "v", "--observe");

        assertThat(none.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(none.err()).contains("VALUE: missing");
        assertThat(both.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(both.err()).contains("(expected: none with --observe)");
    }

    @Test
    void commandSeesTheTokenAndItsExitCodeIsPassedOn() throws IOException {
        GivenLock lock = new GivenLock();
        Path out = folder.resolve("out");

        int exitCode = new GuardedProcess(new CommandRun().context(), lock, 1_000)
                .run(List.of("sh", "-c", "echo $STORE_LOCK_NAME $STORE_LOCK_TOKEN > " + out + "; exit 7"));

        assertThat(exitCode).isEqualTo(7);
        assertThat(out).hasContent("jobs 40");
        assertThat(lock.unlocked).isDone();
    }

    @Test
    void commandIsEndedWhenTheLockIsLost() throws IOException {
        GivenLock lock = new GivenLock();
        CommandRun run = new CommandRun();
        Path started = folder.resolve("started");
        loseWhen(lock, started);

        int exitCode = new GuardedProcess(run.context(), lock, 60_000)
                .run(List.of("sh", "-c", "touch " + started + "; sleep 300"));

        assertThat(exitCode).isEqualTo(ExitCode.CONFLICT);
        assertThat(run.err()).contains("the command was ended: gone");
        assertThat(lock.unlocked).isNotDone();
    }

    @Test
    void whatTheCommandStartsWhileItIsEndedEndsToo() throws IOException {
        GivenLock lock = new GivenLock();
        Path started = folder.resolve("started");
        loseWhen(lock, started);
        String length = "300." + System.nanoTime();

        int exitCode = new GuardedProcess(new CommandRun().context(), lock, 60_000)
                .run(List.of(
                        "sh",
                        "-c",
                        "touch " + started + "; i=0; while [ $i -lt 300 ]; do sleep " + length
                                + " & i=$((i+1)); done; wait"));

        assertThat(exitCode).isEqualTo(ExitCode.CONFLICT);
        assertThat(ProcessHandle.allProcesses()
                        .map(process -> process.info().commandLine().orElse(""))
                        .filter(line -> line.contains(length)))
                .isEmpty();
    }

    @Test
    void commandThatDoesNotListenIsKilledAfterTheGraceTime() throws IOException {
        GivenLock lock = new GivenLock();
        Path started = folder.resolve("started");
        loseWhen(lock, started);

        int exitCode = new GuardedProcess(new CommandRun().context(), lock, 100)
                .run(List.of("sh", "-c", "trap '' TERM; touch " + started + "; while true; do sleep 1; done"));

        assertThat(exitCode).isEqualTo(ExitCode.CONFLICT);
    }

    private static void loseWhen(GivenLock lock, Path file) {
        Thread thread = new Thread(() -> {
            while (!Files.exists(file)) {
                java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
            }
            lock.lost.complete(new StoreException(ErrorCode.LOCK_LOST, "gone"));
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Test
    void commandThatDoesNotExistGivesTheLockBack() {
        GivenLock lock = new GivenLock();

        org.assertj.core.api.Assertions.assertThatThrownBy(() ->
                        new GuardedProcess(new CommandRun().context(), lock, 100).run(List.of("/no/such/command")))
                .isInstanceOf(IOException.class);
        assertThat(lock.unlocked).isDone();
    }

    /** A lock without a cluster. */
    private static final class GivenLock implements HeldLock {
        final CompletableFuture<StoreException> lost = new CompletableFuture<>();
        final CompletableFuture<Void> unlocked = new CompletableFuture<>();

        @Override
        public String name() {
            return "jobs";
        }

        @Override
        public String owner() {
            return "me";
        }

        @Override
        public long token() {
            return 40;
        }

        @Override
        public long leaseId() {
            return 7;
        }

        @Override
        public CompletableFuture<StoreException> lost() {
            return lost;
        }

        @Override
        public CompletableFuture<Void> proclaim(Bytes value) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<Void> unlock() {
            unlocked.complete(null);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {
            unlock().join();
        }
    }
}
