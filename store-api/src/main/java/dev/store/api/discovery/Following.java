package dev.store.api.discovery;

import dev.store.api.client.Backoff;
import dev.store.api.client.Calls;
import dev.store.api.error.StoreException;
import dev.store.api.v1.DiscoveryGrpc;
import dev.store.api.v1.InstanceRef;
import dev.store.api.v1.InstanceState;
import dev.store.api.v1.ServicePolicy;
import dev.store.api.v1.ServiceSummary;
import dev.store.api.v1.WatchServicesRequest;
import dev.store.api.v1.WatchServicesResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Follows services over streams, one after the other: each begins with all there is, of which the listener is told what
 * differs from what it has seen. A later stream asks for a state no older than that of the one before.
 */
final class Following implements ServiceWatch {
    private static final Backoff BACKOFF = Backoff.of(Duration.ofMillis(50), Duration.ofSeconds(2));
    /** A connection that is not refused but not answered either must not keep the last known state back. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private record Key(String node, String id) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int order = node.compareTo(other.node);
            return order != 0 ? order : id.compareTo(other.id);
        }
    }

    /** All that a stream has said of one service. */
    private static final class Known {
        private final Map<Key, ServiceInstance> instances = new TreeMap<>();
        private @Nullable ServiceSummary summary;
    }

    private final Calls calls;
    private final WatchServicesRequest request;
    private final ServiceListener listener;
    private final @Nullable LastKnownFile file;
    private final Object lock = new Object();

    private Map<String, Known> known = new HashMap<>();
    private @Nullable Map<String, Known> arriving;
    private final Map<String, ServiceState> delivered = new HashMap<>();
    private final Set<String> dirty = new LinkedHashSet<>();
    private final List<Runnable> notices = new ArrayList<>();
    private Calls.@Nullable Stream<WatchServicesRequest> stream;
    private @Nullable Object current;
    private Runnable cancelRetry = () -> {};
    private long revision;
    private boolean live;
    private boolean stale;
    private int failures;
    private boolean delivering;
    private boolean closed;

    Following(Calls calls, WatchServicesRequest request, ServiceListener listener, @Nullable LastKnownFile file) {
        this.calls = calls;
        this.request = request;
        this.listener = listener;
        this.file = file;
    }

    Following start() {
        if (file != null) {
            calls.after(PATIENCE, () -> calls.workers().execute(this::showLastKnown));
        }
        open();
        return this;
    }

    private void open() {
        Object token = new Object();
        synchronized (lock) {
            if (closed || calls.closed()) {
                return;
            }
            arriving = new HashMap<>();
            current = token;
            Calls.Stream<WatchServicesRequest> opened = calls.stream(
                    DiscoveryGrpc.getWatchServicesMethod(), new Calls.StreamListener<WatchServicesResponse>() {
                        @Override
                        public void onMessage(WatchServicesResponse message) {
                            received(token, message);
                        }

                        @Override
                        public void onEnd(@Nullable StoreException error) {
                            ended(token, error);
                        }
                    });
            stream = opened;
            opened.send(request.toBuilder()
                    .setNamespace(calls.namespace())
                    // What this client has been shown, it is not shown as undone.
                    .setAtLeastRevision(Math.max(calls.seen(), stale ? 0 : revision))
                    .build());
            opened.halfClose();
        }
    }

    private void received(Object token, WatchServicesResponse message) {
        synchronized (lock) {
            if (token != current) {
                return;
            }
            Map<String, Known> into = arriving == null ? known : arriving;
            Set<String> touched = take(into, message);
            failures = 0;
            if (arriving == null) {
                dirty.addAll(touched);
                revision = Math.max(revision, message.getRevision());
            } else if (message.getComplete()) {
                dirty.addAll(known.keySet());
                dirty.addAll(arriving.keySet());
                dirty.addAll(delivered.keySet());
                if (request.hasService()) {
                    dirty.add(request.getService());
                }
                known = arriving;
                arriving = null;
                live = true;
                stale = false;
                revision = message.getRevision();
                long shown = revision;
                notices.add(() -> listener.onComplete(shown));
            }
        }
        calls.saw(message.getRevision());
        deliver();
    }

    private static Set<String> take(Map<String, Known> into, WatchServicesResponse message) {
        Set<String> touched = new LinkedHashSet<>();
        for (InstanceState state : message.getInstancesList()) {
            ServiceInstance instance = new ServiceInstance(state);
            into.computeIfAbsent(instance.service(), name -> new Known())
                    .instances
                    .put(new Key(instance.node(), instance.id()), instance);
            touched.add(instance.service());
        }
        for (InstanceRef ref : message.getRemovedList()) {
            Known service = into.get(ref.getService());
            if (service != null) {
                service.instances.remove(new Key(ref.getNode(), ref.getId()));
                touched.add(ref.getService());
            }
        }
        for (ServiceSummary summary : message.getServicesList()) {
            into.computeIfAbsent(summary.getService(), name -> new Known()).summary = summary;
            touched.add(summary.getService());
        }
        for (String service : message.getServicesRemovedList()) {
            into.remove(service);
            touched.add(service);
        }
        return touched;
    }

    private void ended(Object token, @Nullable StoreException error) {
        synchronized (lock) {
            if (token != current || closed) {
                return;
            }
            stream = null;
            current = null;
            Duration pause = BACKOFF.pause(++failures);
            if (error != null) {
                notices.add(() -> listener.onInterrupted(error));
            }
            cancelRetry = calls.after(pause, this::open);
        }
        if (file != null) {
            calls.workers().execute(this::showLastKnown);
        }
        deliver();
    }

    /** If no member has answered yet, shows what was known when this client last ran. */
    private void showLastKnown() {
        LastKnownFile from = file;
        synchronized (lock) {
            if (from == null || live || stale || closed) {
                return;
            }
        }
        WatchServicesResponse saved = from.read();
        if (saved == null) {
            return;
        }
        synchronized (lock) {
            if (live || stale || closed) {
                return;
            }
            stale = true;
            revision = saved.getRevision();
            dirty.addAll(take(known, saved));
        }
        deliver();
    }

    private void deliver() {
        synchronized (lock) {
            if (delivering || closed || (dirty.isEmpty() && notices.isEmpty())) {
                return;
            }
            delivering = true;
        }
        calls.workers().execute(this::run);
    }

    private void run() {
        while (true) {
            List<Runnable> due = new ArrayList<>();
            synchronized (lock) {
                if (closed || (dirty.isEmpty() && notices.isEmpty())) {
                    delivering = false;
                    return;
                }
                for (String service : dirty) {
                    ServiceListener.Update update = update(service);
                    if (update != null) {
                        due.add(() -> tell(update));
                    }
                }
                dirty.clear();
                due.addAll(notices);
                notices.clear();
            }
            for (Runnable call : due) {
                synchronized (lock) {
                    if (closed) {
                        return;
                    }
                }
                try {
                    call.run();
                } catch (RuntimeException e) {
                    Thread thread = Thread.currentThread();
                    thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
                }
            }
        }
    }

    private void tell(ServiceListener.Update update) {
        LastKnownFile to = file;
        if (to != null && !update.state().stale()) {
            to.write(update.state());
        }
        listener.onUpdate(update);
    }

    private ServiceListener.@Nullable Update update(String name) {
        Known service = known.get(name);
        ServiceSummary summary = service == null ? null : service.summary;
        List<ServiceInstance> instances = service == null ? List.of() : new ArrayList<>(service.instances.values());
        ServiceState state = new ServiceState(
                name,
                revision,
                service != null,
                instances,
                summary != null && summary.getProtected(),
                stale,
                summary == null ? 0 : summary.getLastChangeRevision());
        ServiceState before = delivered.get(name);
        if (before != null && same(before, state)) {
            return null;
        }
        if (service == null) {
            delivered.remove(name);
            if (before == null && !request.hasService()) {
                return null;
            }
        } else {
            delivered.put(name, state);
        }
        Map<Key, ServiceInstance> old = new TreeMap<>();
        if (before != null) {
            before.instances().forEach(instance -> old.put(new Key(instance.node(), instance.id()), instance));
        }
        List<ServiceInstance> changed = new ArrayList<>();
        for (ServiceInstance instance : instances) {
            ServiceInstance was = old.remove(new Key(instance.node(), instance.id()));
            if (was == null || !was.equals(instance)) {
                changed.add(instance);
            }
        }
        return new ServiceListener.Update(state, changed, new ArrayList<>(old.values()));
    }

    private static boolean same(ServiceState a, ServiceState b) {
        return a.known() == b.known()
                && a.stale() == b.stale()
                && a.isProtected() == b.isProtected()
                && a.lastChangeRevision() == b.lastChangeRevision()
                && a.instances().equals(b.instances());
    }

    /** The policy of a service; the default one if none was set. */
    ServicePolicy policy(String name) {
        synchronized (lock) {
            Known service = known.get(name);
            ServiceSummary summary = service == null ? null : service.summary;
            return summary == null ? ServicePolicy.getDefaultInstance() : summary.getPolicy();
        }
    }

    @Override
    public void close() {
        Calls.Stream<WatchServicesRequest> open;
        synchronized (lock) {
            closed = true;
            current = null;
            open = stream;
            stream = null;
            cancelRetry.run();
        }
        if (open != null) {
            open.cancel();
        }
    }
}
