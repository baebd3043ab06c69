package dev.store.api.discovery;

import dev.store.api.Limits;
import dev.store.api.client.Backoff;
import dev.store.api.client.Calls;
import dev.store.api.error.StoreException;
import dev.store.api.v1.DiscoveryGrpc;
import dev.store.api.v1.HeartbeatOutcome;
import dev.store.api.v1.HeartbeatRequest;
import dev.store.api.v1.HeartbeatResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps all instances of a client in one namespace alive: those about due go in one message, on one stream. A stream that
 * fails, or does not answer in time, is left for one to another member.
 */
final class Heart {
    private static final Backoff BACKOFF = Backoff.of(Duration.ofMillis(50), Duration.ofSeconds(1));
    private static final long SHORTEST_WAIT_MS = 20;
    private static final long LONGEST_WAIT_MS = 5_000;
    private static final long SHORTEST_PATIENCE_MS = 500;

    private record Sent(List<RegisteredInstance> instances, long atNanos) {}

    private final Calls calls;
    private final Object lock = new Object();
    private final Map<RegisteredInstance, Long> dueNanos = new LinkedHashMap<>();
    private final ArrayDeque<Sent> underWay = new ArrayDeque<>();
    private Calls.@Nullable Stream<HeartbeatRequest> stream;
    private @Nullable Object current;
    private Runnable cancelWake = () -> {};
    private long pausedUntilNanos = System.nanoTime();
    private int failures;

    Heart(Calls calls) {
        this.calls = calls;
    }

    void add(RegisteredInstance instance) {
        synchronized (lock) {
            dueNanos.put(instance, System.nanoTime() + interval(instance));
        }
        beat();
    }

    void remove(RegisteredInstance instance) {
        synchronized (lock) {
            dueNanos.remove(instance);
        }
    }

    private static long interval(RegisteredInstance instance) {
        return instance.ttlMs() * 1_000_000 / 3;
    }

    /** Sends what is due, leaves a stream that does not answer, and sets the clock for the next time. */
    private void beat() {
        Calls.Stream<HeartbeatRequest> left = null;
        synchronized (lock) {
            cancelWake.run();
            if (calls.closed() || dueNanos.isEmpty()) {
                left = leave();
            } else {
                long now = System.nanoTime();
                Sent oldest = underWay.peek();
                if (oldest != null && now - oldest.atNanos > patienceNanos()) {
                    left = leave();
                    retryFrom(now);
                }
                if (now - pausedUntilNanos >= 0) {
                    sendDue(now);
                }
                cancelWake = calls.after(Duration.ofNanos(waitNanos(now)), this::beat);
            }
        }
        if (left != null) {
            left.cancel();
        }
    }

    private Calls.@Nullable Stream<HeartbeatRequest> leave() {
        Calls.Stream<HeartbeatRequest> open = stream;
        stream = null;
        current = null;
        underWay.forEach(sent -> sent.instances.forEach(this::dueNow));
        underWay.clear();
        return open;
    }

    private void dueNow(RegisteredInstance instance) {
        dueNanos.computeIfPresent(instance, (key, due) -> System.nanoTime());
    }

    private void sendDue(long now) {
        List<RegisteredInstance> due = new ArrayList<>();
        boolean any = false;
        for (Map.Entry<RegisteredInstance, Long> entry : dueNanos.entrySet()) {
            // Those nearly due go along, so that the beats of many become one.
            if (entry.getValue() - now <= interval(entry.getKey()) / 4) {
                due.add(entry.getKey());
                any |= entry.getValue() - now <= 0;
            }
        }
        if (!any) {
            return;
        }
        for (int from = 0; from < due.size(); from += Limits.HEARTBEAT_INSTANCES) {
            send(due.subList(from, Math.min(due.size(), from + Limits.HEARTBEAT_INSTANCES)), now);
        }
    }

    private void send(List<RegisteredInstance> instances, long now) {
        HeartbeatRequest.Builder request = HeartbeatRequest.newBuilder().setNamespace(calls.namespace());
        for (RegisteredInstance instance : instances) {
            request.addRefs(instance.ref());
            dueNanos.put(instance, now + interval(instance));
        }
        Calls.Stream<HeartbeatRequest> open = stream;
        if (open == null) {
            Object token = new Object();
            current = token;
            open = calls.stream(DiscoveryGrpc.getHeartbeatStreamMethod(), new Calls.StreamListener<>() {
                @Override
                public void onMessage(HeartbeatResponse response) {
                    answered(token, response);
                }

                @Override
                public void onEnd(@Nullable StoreException error) {
                    ended(token);
                }
            });
            stream = open;
        }
        underWay.add(new Sent(List.copyOf(instances), now));
        open.send(request.build());
    }

    private void answered(Object token, HeartbeatResponse response) {
        List<RegisteredInstance> forgotten = new ArrayList<>();
        synchronized (lock) {
            Sent sent = token == current ? underWay.poll() : null;
            if (sent == null || sent.instances.size() != response.getOutcomesCount()) {
                return;
            }
            failures = 0;
            for (int i = 0; i < sent.instances.size(); i++) {
                if (response.getOutcomes(i) == HeartbeatOutcome.HEARTBEAT_OUTCOME_UNKNOWN
                        && dueNanos.containsKey(sent.instances.get(i))) {
                    forgotten.add(sent.instances.get(i));
                }
            }
        }
        for (RegisteredInstance instance : forgotten) {
            // If it fails, the next heartbeat finds out again.
            var unused = instance.again().whenComplete((done, failure) -> {
                boolean gone;
                synchronized (lock) {
                    gone = !dueNanos.containsKey(instance);
                }
                if (gone && failure == null) {
                    // Deregistered while it was registered again.
                    var unusedRemoval = instance.deregister();
                }
            });
        }
    }

    private void ended(Object token) {
        synchronized (lock) {
            if (token != current) {
                return;
            }
            var unused = leave();
            retryFrom(System.nanoTime());
        }
        beat();
    }

    private void retryFrom(long now) {
        pausedUntilNanos = now + BACKOFF.pauseNanos(++failures);
    }

    private long waitNanos(long now) {
        long wait = LONGEST_WAIT_MS * 1_000_000;
        for (long due : dueNanos.values()) {
            wait = Math.min(wait, due - now);
        }
        wait = Math.max(wait, pausedUntilNanos - now);
        Sent oldest = underWay.peek();
        if (oldest != null) {
            wait = Math.min(wait, oldest.atNanos + patienceNanos() - now);
        }
        return Math.max(wait, SHORTEST_WAIT_MS * 1_000_000);
    }

    /** How long an answer may take: a third of the shortest time to live, within bounds. */
    private long patienceNanos() {
        long patience = LONGEST_WAIT_MS;
        for (RegisteredInstance instance : dueNanos.keySet()) {
            patience = Math.min(patience, instance.ttlMs() / 3);
        }
        return Math.max(patience, SHORTEST_PATIENCE_MS) * 1_000_000;
    }
}
