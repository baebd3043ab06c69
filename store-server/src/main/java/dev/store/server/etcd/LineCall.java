package dev.store.server.etcd;

import com.google.protobuf.ByteString;
import dev.store.raft.keyspace.Requests;
import dev.store.raft.keyspace.ScopedKey;
import dev.store.server.etcd.Line.Place;
import dev.store.server.etcd.Line.Sight;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A call that takes a place in a line and is answered when it is the first. It waits for nothing but the key right before
 * its own, so that one is woken at a time; and for its own, which goes with its lease. When its caller gives up, it leaves
 * the line.
 *
 * @param <R> the answer
 */
final class LineCall<R> {
    private final Line line;
    private final ServerCallStreamObserver<R> call;
    private final BiFunction<Place, Long, R> answer;
    private final String whenLost;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable Place taken;
    private volatile @Nullable DeletionWait wait;

    /**
     * Makes the call; {@link #start} starts it.
     *
     * @param answer makes the answer of the place and the revision at which it was the first
     * @param whenLost what to say if the key is deleted while the call waits
     */
    LineCall(Line line, StreamObserver<R> call, BiFunction<Place, Long, R> answer, String whenLost) {
        this.line = line;
        this.call = (ServerCallStreamObserver<R>) call;
        this.answer = answer;
        this.whenLost = whenLost;
    }

    /** Waits in the line that some work enters. */
    void start(Function<Line, CompletableFuture<Place>> enter) {
        call.setOnCancelHandler(this::givenUp);
        step(() -> {
            line.admit(this);
            then(enter.apply(line), this::entered);
        });
    }

    private void entered(Place place) {
        taken = place;
        if (ended.get()) {
            leave(place);
        } else if (place.alone()) {
            served(place, place.revision());
        } else {
            look(place, place.revision());
        }
    }

    private void served(Place place, long revision) {
        if (end()) {
            call.onNext(answer.apply(place, revision));
            call.onCompleted();
        }
    }

    private void look(Place place, long revision) {
        then(line.look(place, revision), sight -> seen(place, sight));
    }

    private void seen(Place place, Sight sight) {
        if (!sight.there()) {
            fail(EtcdErrors.plain(whenLost));
            return;
        }
        ByteString before = sight.before();
        if (before == null) {
            served(place, sight.revision());
            return;
        }
        DeletionWait opened = DeletionWait.open(
                line.parts().replica().watchHub(),
                line.parts().executor(),
                List.of(scoped(before), scoped(place.key())),
                sight.revision() + 1);
        wait = opened;
        if (ended.get()) {
            opened.close();
        }
        then(opened.done(), deleted -> look(place, sight.revision() + 1));
    }

    private static ByteString scoped(ByteString key) {
        return Requests.key(ScopedKey.DEFAULT_NAMESPACE, key);
    }

    /** The caller waits no more: it must not be given what it does not know of. */
    private void givenUp() {
        Place place = taken;
        if (end() && place != null) {
            leave(place);
        }
    }

    private void leave(Place place) {
        // Where this fails, the lease still ends.
        var unused = line.leave(place.key(), place.madeAt());
    }

    /** This member stops: the caller finds its place again when it asks another one. */
    void stop() {
        if (end()) {
            call.onError(EtcdErrors.stopped());
        }
    }

    /** Whoever is told of an error does not know of its place, and must not keep others waiting by it. */
    private void fail(Throwable failure) {
        Place place = taken;
        if (end()) {
            if (place != null) {
                leave(place);
            }
            call.onError(EtcdErrors.of(failure));
        }
    }

    private boolean end() {
        if (!ended.compareAndSet(false, true)) {
            return false;
        }
        line.ended(this);
        DeletionWait open = wait;
        if (open != null) {
            open.close();
        }
        return true;
    }

    private <T> void then(CompletableFuture<T> work, java.util.function.Consumer<T> next) {
        var unused = work.whenComplete((result, failure) -> {
            if (failure == null) {
                step(() -> next.accept(result));
            } else {
                fail(failure);
            }
        });
    }

    private void step(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            fail(e);
        }
    }
}
