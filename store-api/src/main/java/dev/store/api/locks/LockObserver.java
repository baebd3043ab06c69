package dev.store.api.locks;

import dev.store.api.client.Backoff;
import dev.store.api.client.Calls;
import dev.store.api.error.StoreException;
import dev.store.api.v1.LocksGrpc;
import dev.store.api.v1.ObserveLockRequest;
import dev.store.api.v1.ObserveLockResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Follows the holder of a lock, from member to member, until it is closed or refused. */
final class LockObserver implements Observation {
    private static final Backoff BACKOFF = Backoff.of(Duration.ofMillis(25), Duration.ofSeconds(1));

    private final Calls calls;
    private final String name;
    private final Consumer<Optional<Holder>> listener;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile Calls.@Nullable Stream<ObserveLockRequest> stream;
    private boolean toldAny;
    private @Nullable Holder told;
    private int failures;

    LockObserver(Calls calls, String name, Consumer<Optional<Holder>> listener) {
        this.calls = calls;
        this.name = name;
        this.listener = listener;
    }

    LockObserver start() {
        open();
        return this;
    }

    private void open() {
        if (ended.isDone()) {
            return;
        }
        Calls.Stream<ObserveLockRequest> opened = calls.stream(LocksGrpc.getObserveLockMethod(), new Listener());
        stream = opened;
        opened.send(ObserveLockRequest.newBuilder()
                .setNamespace(calls.namespace())
                .setName(name)
                .build());
        opened.halfClose();
        if (ended.isDone()) {
            opened.cancel();
        }
    }

    private final class Listener implements Calls.StreamListener<ObserveLockResponse> {
        @Override
        public void onMessage(ObserveLockResponse message) {
            failures = 0;
            calls.saw(message.getHeader().getRevision());
            Optional<Holder> holder =
                    message.hasHolder() ? Optional.of(Holder.of(message.getHolder())) : Optional.empty();
            // After a reconnection the present state comes again.
            if ((!toldAny || !Objects.equals(holder.orElse(null), told)) && !ended.isDone()) {
                toldAny = true;
                told = holder.orElse(null);
                try {
                    listener.accept(holder);
                } catch (RuntimeException e) {
                    ended.completeExceptionally(e);
                    close();
                }
            }
        }

        @Override
        public void onEnd(@Nullable StoreException error) {
            if (ended.isDone()) {
                return;
            }
            if (calls.closed() || (error != null && !error.code().retryable())) {
                ended.completeExceptionally(
                        error != null ? error : new IllegalStateException("client: closed (expected: open)"));
                return;
            }
            var unused = calls.after(BACKOFF.pause(++failures), LockObserver.this::open);
        }
    }

    @Override
    public CompletableFuture<Void> ended() {
        return ended.copy();
    }

    @Override
    public void close() {
        ended.complete(null);
        Calls.Stream<ObserveLockRequest> open = stream;
        if (open != null) {
            open.cancel();
        }
    }
}
