package dev.store.api.configuration;

import dev.store.api.client.Backoff;
import dev.store.api.client.Calls;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.ConfigAck;
import dev.store.api.v1.ConfigEntry;
import dev.store.api.v1.ConfigGrpc;
import dev.store.api.v1.ConfigKnown;
import dev.store.api.v1.ConfigSubscribeRequest;
import dev.store.api.v1.ConfigSubscribeResponse;
import dev.store.api.v1.ConfigSubscription;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A subscription under way. When its member fails, it goes on at another one with what followed the versions that it has, so
 * that none is missed or given twice. Thread-safe.
 */
public final class ConfigSubscriber implements AutoCloseable {
    /** Messages that may wait for the listener; past that, the stream is let go, and taken up again when they are done. */
    private static final int MAX_WAITING = 256;

    private static final Backoff BACKOFF = Backoff.of(Duration.ofMillis(50), Duration.ofSeconds(2));
    private static final int MAX_FAILURE_CHARACTERS = 1_000;

    private final Calls calls;
    private final ConfigSubscription subscription;
    private final ConfigListener listener;
    private final @Nullable ConfigCache cache;
    private final CompletableFuture<Void> begun = new CompletableFuture<>();

    // Guarded by this.
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private boolean running;
    private Calls.@Nullable Stream<ConfigSubscribeRequest> stream;
    private int streams;
    private int failures;
    private boolean overrun;
    private boolean closed;

    // Only touched by the tasks, one at a time.
    private final Map<ConfigName, ConfigVersion> given = new HashMap<>();
    private final Map<ConfigName, String> failed = new HashMap<>();
    /** What came from the local files and was not confirmed by the cluster yet. */
    private final Map<ConfigName, ConfigVersion> cached = new HashMap<>();

    ConfigSubscriber(
            Calls calls, ConfigSubscription subscription, ConfigListener listener, @Nullable ConfigCache cache) {
        this.calls = calls;
        this.subscription = subscription;
        this.listener = listener;
        this.cache = cache;
    }

    void begin(Duration cacheAfter) {
        enqueue(this::connect);
        if (cache != null) {
            calls.after(cacheAfter, () -> enqueue(this::beginFromCache));
        }
    }

    /** Completes when all that is there was given once, from the cluster or from the local files. */
    public CompletableFuture<Void> begun() {
        return begun;
    }

    /** Ends it; the listener is told, and nothing comes after that. */
    @Override
    public void close() {
        end(null);
    }

    private void end(@Nullable StoreException cause) {
        Calls.Stream<ConfigSubscribeRequest> open;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            open = stream;
            waiting.clear();
        }
        if (open != null) {
            open.cancel();
        }
        run(() -> {
            listener.onClosed(cause);
            begun.completeExceptionally(
                    cause != null
                            ? cause
                            : new StoreException(ErrorCode.CANCELED, "subscription: closed (expected: open)"));
        });
    }

    /** Puts a task at the end of the queue. */
    private void enqueue(Runnable task) {
        synchronized (this) {
            if (closed) {
                return;
            }
        }
        run(task);
    }

    private void run(Runnable task) {
        synchronized (this) {
            waiting.add(task);
            if (running) {
                return;
            }
            running = true;
        }
        calls.workers().execute(this::drain);
    }

    private void drain() {
        while (true) {
            Runnable task;
            boolean again = false;
            synchronized (this) {
                task = waiting.poll();
                if (task == null) {
                    running = false;
                    again = overrun && !closed;
                    overrun = false;
                }
            }
            if (task != null) {
                guarded(task);
            } else {
                if (again) {
                    enqueue(this::connect);
                }
                return;
            }
        }
    }

    /** What a listener throws where there is no receipt for it ends the subscription, loudly, rather than its thread. */
    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            end(new StoreException(ErrorCode.INTERNAL, "the listener failed: " + e, Map.of(), e));
        }
    }

    private void connect() {
        // Not behind what this client has seen or written itself, whichever member answers.
        ConfigSubscription.Builder start = subscription.toBuilder().setAtLeastRevision(calls.seen());
        given.forEach((name, version) ->
                start.addKnown(ConfigKnown.newBuilder().setKey(name.toKey()).setVersion(version.number())));
        int number;
        synchronized (this) {
            if (closed) {
                return;
            }
            number = ++streams;
        }
        Calls.Stream<ConfigSubscribeRequest> opened =
                calls.stream(ConfigGrpc.getSubscribeMethod(), new Incoming(number));
        opened.send(ConfigSubscribeRequest.newBuilder().setStart(start).build());
        boolean late;
        synchronized (this) {
            late = closed;
            stream = opened;
        }
        if (late) {
            opened.cancel();
        }
    }

    private final class Incoming implements Calls.StreamListener<ConfigSubscribeResponse> {
        private final int number;

        Incoming(int number) {
            this.number = number;
        }

        @Override
        public void onMessage(ConfigSubscribeResponse message) {
            Calls.Stream<ConfigSubscribeRequest> tooMuch = null;
            synchronized (ConfigSubscriber.this) {
                if (closed || number != streams || overrun) {
                    return;
                }
                failures = 0;
                if (waiting.size() >= MAX_WAITING) {
                    // What is left out here comes again: it is not known yet when the next stream begins.
                    overrun = true;
                    streams++;
                    tooMuch = stream;
                }
            }
            if (tooMuch != null) {
                tooMuch.cancel();
            } else {
                enqueue(() -> take(message));
            }
        }

        @Override
        public void onEnd(@Nullable StoreException error) {
            StoreException cause = error != null
                    ? error
                    : new StoreException(ErrorCode.CONNECTION_LOST, "the member ended the stream");
            synchronized (ConfigSubscriber.this) {
                if (closed || number != streams) {
                    return;
                }
                failures++;
            }
            if (hopeless(cause.code()) || calls.closed()) {
                end(cause);
                return;
            }
            enqueue(() -> listener.onInterrupted(cause));
            calls.after(pause(), () -> {
                if (calls.closed()) {
                    end(new StoreException(ErrorCode.CANCELED, "client: closed (expected: open)"));
                } else {
                    enqueue(ConfigSubscriber.this::connect);
                }
            });
        }
    }

    private static boolean hopeless(ErrorCode code) {
        return switch (code) {
            case INVALID_ARGUMENT, TOO_LARGE, UNIMPLEMENTED -> true;
            default -> false;
        };
    }

    private synchronized Duration pause() {
        return BACKOFF.pause(failures - 1);
    }

    private void take(ConfigSubscribeResponse message) {
        calls.saw(message.getHeader().getRevision());
        for (dev.store.api.v1.ConfigChange change : message.getChangesList()) {
            ConfigVersion version = new ConfigVersion(change.getEntry(), false);
            ConfigVersion unconfirmed = cached.remove(version.name());
            ConfigVersion known = given.get(version.name());
            ConfigVersion before = known != null ? known : unconfirmed;
            if (before != null && before.number() == version.number() && !before.stale()) {
                continue;
            }
            if (version.number() == 0) {
                given.remove(version.name());
            } else {
                given.put(version.name(), version);
            }
            String failure = tell(new ConfigChange(version, before, ConfigChange.kind(change.getKind())));
            keep(version, failure);
            acknowledge(version, failure);
        }
        if (message.getInStep()) {
            inStep();
        }
    }

    private void inStep() {
        // What the local files still had, but the cluster no longer has.
        new HashMap<>(cached).forEach((name, version) -> {
            cached.remove(name);
            ConfigVersion gone = new ConfigVersion(
                    ConfigEntry.newBuilder()
                            .setKey(name.toKey())
                            .setDeleted(true)
                            .build(),
                    false);
            String failure = tell(new ConfigChange(gone, version, ConfigChange.Kind.NEXT));
            keep(gone, failure);
        });
        // Another member does not know yet what runs here.
        given.forEach((name, version) -> acknowledge(version, failed.getOrDefault(name, "")));
        begun.complete(null);
        listener.onInStep();
    }

    /** Tells the listener; gives what it threw, or an empty text. */
    private String tell(ConfigChange change) {
        try {
            listener.onChange(change);
            return "";
        } catch (RuntimeException e) {
            String text = e.toString().replaceAll("\\p{Cntrl}", " ");
            return text.length() > MAX_FAILURE_CHARACTERS ? text.substring(0, MAX_FAILURE_CHARACTERS) : text;
        }
    }

    private void keep(ConfigVersion version, String failure) {
        if (failure.isEmpty()) {
            failed.remove(version.name());
        } else {
            failed.put(version.name(), failure);
        }
        if (cache == null || !failure.isEmpty()) {
            return;
        }
        try {
            if (version.deleted()) {
                cache.remove(version.name());
            } else {
                cache.write(version);
            }
        } catch (UncheckedIOException e) {
            listener.onCacheFailure(e);
        }
    }

    private void acknowledge(ConfigVersion version, String failure) {
        Calls.Stream<ConfigSubscribeRequest> open;
        synchronized (this) {
            open = stream;
        }
        if (open != null && version.number() > 0) {
            open.send(ConfigSubscribeRequest.newBuilder()
                    .setAck(ConfigAck.newBuilder()
                            .setKey(version.name().toKey())
                            .setVersion(version.number())
                            .setFailure(failure))
                    .build());
        }
    }

    private void beginFromCache() {
        if (begun.isDone() || cache == null) {
            return;
        }
        for (ConfigVersion version : cache.read()) {
            boolean wanted = subscription.getEntriesCount() + subscription.getGroupsCount() == 0
                    || subscription.getGroupsList().contains(version.name().group())
                    || subscription.getEntriesList().contains(version.name().toKey());
            if (wanted && !given.containsKey(version.name())) {
                // Not put among the given ones: the cluster is asked for the present state all the same.
                cached.put(version.name(), version);
                String unused = tell(new ConfigChange(version, null, ConfigChange.Kind.CACHED));
            }
        }
        begun.complete(null);
    }
}
