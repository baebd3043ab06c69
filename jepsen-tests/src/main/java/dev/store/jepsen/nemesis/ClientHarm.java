package dev.store.jepsen.nemesis;

import com.google.protobuf.ByteString;
import dev.store.api.v1.DescribeLockRequest;
import dev.store.api.v1.LeaseTimeToLiveRequest;
import dev.store.api.v1.LockHolder;
import dev.store.api.v1.LockMode;
import dev.store.api.v1.LockRequest;
import dev.store.api.v1.LockResponse;
import dev.store.api.v1.LocksGrpc;
import dev.store.api.v1.Put;
import dev.store.api.v1.PutRequest;
import dev.store.api.v1.UnlockRequest;
import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.ClientProcess;
import dev.store.jepsen.cluster.NoBiteException;
import dev.store.jepsen.cluster.RigException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Clients that are killed, and that read nothing for a while. What becomes of them is judged here, since they are no part of
 * the history: what a dead one held is given to another, not too early, and a slow one is told everything.
 */
final class ClientHarm {
    private static final Duration CALL = Duration.ofSeconds(5);
    private static final int TTL_SECONDS = 3;
    private static final Duration NEXT_WAITS = Duration.ofSeconds(30);
    private static final String PATIENCE = "1m";
    private static final String NEXT = "the-next";

    /** Many times what HTTP/2 lets a server send to a client that reads nothing, which is 64 KiB. */
    private static final int UNREAD = 24;

    private static final ByteString VALUE = ByteString.copyFrom(new byte[64 * 1024]);
    private static final String KEY = "filler/slow";

    private ClientHarm() {}

    static String kill(Scene scene) {
        String lock = "client/" + scene.random().nextInt(1_000_000);
        try (ClientProcess owner = ClientProcess.start(
                        scene.cluster(), "lock", lock, "--ttl", TTL_SECONDS + "s", "--timeout", PATIENCE);
                ClientProcess watcher = ClientProcess.start(
                        scene.cluster(), "watch", "", "--from-key", "-o", "json", "--timeout", PATIENCE)) {
            owner.await(Scene.HEAL, lock + " held", () -> holder(scene, lock).isPresent());
            watcher.await(Scene.HEAL, "a watch", () -> WatchOutput.begun(watcher.lines()));
            LockHolder held = Await.answer(Scene.HEAL, "the owner of " + lock, () -> holder(scene, lock));

            TimeLeft left = timeLeft(scene, held);
            owner.kill();
            watcher.kill();

            LockResponse next = Await.answer(Scene.HEAL, lock + " for another owner", () -> lockNext(scene, lock));
            Duration after = Duration.ofNanos(System.nanoTime() - left.askedNanos());
            if (after.compareTo(left.time()) < 0) {
                throw new RigException(lock + " was given to another after " + after.toMillis()
                        + " ms, when the lease of its dead owner " + held + " had "
                        + left.time().toMillis() + " ms left");
            }
            if (next.getToken() <= held.getToken()) {
                throw new RigException(lock + ": token " + next.getToken() + " after " + held.getToken());
            }
            unlock(scene, lock, next);
            return owner + " and " + watcher + " are gone; the lock, whose lease had "
                    + left.time().toMillis()
                    + " ms left, was another's after " + after.toMillis() + " ms";
        }
    }

    static String stall(Scene scene) {
        try (ClientProcess watcher =
                ClientProcess.start(scene.cluster(), "watch", KEY, "-o", "json", "--timeout", PATIENCE)) {
            watcher.await(Scene.HEAL, "a watch", () -> WatchOutput.begun(watcher.lines()));
            List<Long> written = new ArrayList<>();
            written.add(put(scene));
            watcher.await(Scene.HEAL, "revision " + written.get(0), () -> !told(watcher)
                    .isEmpty());

            watcher.pause();
            int before = told(watcher).size();
            for (int i = 0; i < UNREAD; i++) {
                written.add(put(scene));
            }
            scene.last(0, 2_000);
            if (told(watcher).size() != before) {
                throw new NoBiteException(watcher + " prints although it is stopped: the fault did not bite");
            }
            watcher.resume();

            long last = written.get(written.size() - 1);
            Await.until(
                    Scene.HEAL,
                    "revision " + last + " from " + watcher,
                    () -> WatchOutput.last(told(watcher)) >= last || !watcher.isRunning());
            return WatchOutput.judge(watcher.toString(), written, watcher.lines())
                    + " after it had read nothing while " + UNREAD + " changes of " + VALUE.size()
                    + " bytes were made";
        }
    }

    /** How long a lease lives at least, from just before it was asked for. */
    private record TimeLeft(long askedNanos, Duration time) {}

    private static TimeLeft timeLeft(Scene scene, LockHolder held) {
        LeaseTimeToLiveRequest request = LeaseTimeToLiveRequest.newBuilder()
                .setLeaseId(held.getLeaseId())
                .build();
        return Await.answer(Scene.HEAL, "the time left of " + held, () -> {
            long asked = System.nanoTime();
            try {
                long ms =
                        scene.anyNode().client().lease(CALL).timeToLive(request).getRemainingMs();
                return Optional.of(new TimeLeft(asked, Duration.ofMillis(ms)));
            } catch (StatusRuntimeException e) {
                if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
                    throw new NoBiteException(held + " had lost its lease before it was killed");
                }
                throw e;
            }
        });
    }

    private static List<Long> told(ClientProcess watcher) {
        return WatchOutput.revisions(watcher.lines());
    }

    private static long put(Scene scene) {
        PutRequest request = PutRequest.newBuilder()
                .setPut(Put.newBuilder().setKey(ByteString.copyFromUtf8(KEY)).setValue(VALUE))
                .build();
        return Await.answer(
                Scene.HEAL,
                "a put of " + KEY,
                () -> Optional.of(scene.anyNode()
                        .client()
                        .kv(CALL)
                        .put(request)
                        .getHeader()
                        .getRevision()));
    }

    private static Optional<LockHolder> holder(Scene scene, String lock) {
        return locks(scene, CALL)
                .describeLock(DescribeLockRequest.newBuilder().setName(lock).build())
                .getHoldersList()
                .stream()
                .findFirst();
    }

    private static Optional<LockResponse> lockNext(Scene scene, String lock) {
        return Optional.of(locks(scene, NEXT_WAITS.plus(CALL))
                .lock(LockRequest.newBuilder()
                        .setName(lock)
                        .setOwner(NEXT)
                        .setMode(LockMode.LOCK_MODE_EXCLUSIVE)
                        .setTtlMs(NEXT_WAITS.toMillis())
                        .setWaitMs(NEXT_WAITS.toMillis())
                        .build()));
    }

    private static void unlock(Scene scene, String lock, LockResponse held) {
        UnlockRequest request = UnlockRequest.newBuilder()
                .setName(lock)
                .setOwner(NEXT)
                .setLeaseId(held.getLeaseId())
                .setToken(held.getToken())
                .build();
        Await.until(Scene.HEAL, "an answer to the unlock of " + lock, () -> locks(scene, CALL)
                .unlock(request)
                .isInitialized());
    }

    private static LocksGrpc.LocksBlockingStub locks(Scene scene, Duration deadline) {
        return LocksGrpc.newBlockingStub(scene.anyNode().client().channel())
                .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS);
    }
}
