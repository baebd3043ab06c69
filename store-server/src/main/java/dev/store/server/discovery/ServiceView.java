package dev.store.server.discovery;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.raft.keyspace.RecordKey;
import dev.store.raft.keyspace.RecordKind;
import dev.store.raft.v1.CheckRecord;
import dev.store.raft.v1.InstanceRecord;
import dev.store.raft.v1.ServiceRecord;
import dev.store.server.records.RecordChange;
import dev.store.server.records.RecordView;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * All services in memory: namespace, service, instances. Written by the thread of the feed only; others see snapshots of
 * single services, each published when a revision has been applied to it as a whole.
 */
final class ServiceView implements RecordView {
    /** Is told, on the thread of the feed, what has changed; must only hand over. */
    interface Listener {
        void changed(String namespace, Set<String> services);

        /** Anything may have changed. */
        void replaced();
    }

    private static final Set<RecordKind> KINDS =
            EnumSet.of(RecordKind.INSTANCE, RecordKind.HEARTBEAT, RecordKind.CHECK, RecordKind.SERVICE);

    private final Listener listener;
    private Map<String, Map<String, ServiceRecords>> records = new HashMap<>();
    private Map<String, Map<String, ServiceRecords>> loading = new HashMap<>();
    private volatile Map<String, ConcurrentSkipListMap<String, ServiceSnapshot>> published = new ConcurrentHashMap<>();

    ServiceView(Listener listener) {
        this.listener = listener;
    }

    /** A service as it is; null if it is not known. */
    @Nullable
    ServiceSnapshot service(String namespace, String service) {
        Map<String, ServiceSnapshot> services = published.get(namespace);
        return services == null ? null : services.get(service);
    }

    /** An instance as it is; null if it is not registered. */
    @Nullable
    LiveInstance find(String namespace, InstanceKey key) {
        ServiceSnapshot service = service(namespace, key.service());
        return service == null ? null : service.find(key);
    }

    /** All services of a namespace in order of name; changes while it is looked at. */
    NavigableMap<String, ServiceSnapshot> services(String namespace) {
        ConcurrentSkipListMap<String, ServiceSnapshot> services = published.get(namespace);
        return services == null ? new ConcurrentSkipListMap<>() : services;
    }

    /** Names of the namespaces that have services. */
    Set<String> namespaces() {
        return published.keySet();
    }

    @Override
    public Set<RecordKind> kinds() {
        return KINDS;
    }

    @Override
    public void loading() {
        loading = new HashMap<>();
    }

    @Override
    public void load(String namespace, RecordKind kind, ByteString key, KeyRecord present) {
        records(loading, namespace, key).take(kind, key, present, present.modRevision(), 0);
    }

    @Override
    public void loaded(long revision) {
        records = loading;
        loading = new HashMap<>();
        Map<String, ConcurrentSkipListMap<String, ServiceSnapshot>> fresh = new ConcurrentHashMap<>();
        records.forEach((namespace, services) -> {
            ConcurrentSkipListMap<String, ServiceSnapshot> snapshots = new ConcurrentSkipListMap<>();
            services.forEach((name, service) -> {
                ServiceSnapshot snapshot = service.snapshot(revision);
                if (snapshot != null) {
                    snapshots.put(name, snapshot);
                }
            });
            fresh.put(namespace, snapshots);
        });
        published = fresh;
        listener.replaced();
    }

    @Override
    public void apply(long revision, List<RecordChange> changes) {
        Map<String, Set<String>> changed = new HashMap<>();
        for (RecordChange change : changes) {
            ServiceRecords service = records(records, change.namespace(), change.key());
            service.take(change.kind(), change.key(), change.current(), revision, change.atMs());
            changed.computeIfAbsent(change.namespace(), name -> new LinkedHashSet<>())
                    .add(service.name());
        }
        changed.forEach((namespace, services) -> {
            services.forEach(service -> publish(namespace, service, revision));
            listener.changed(namespace, services);
        });
    }

    private void publish(String namespace, String name, long revision) {
        Map<String, ServiceRecords> services = records.getOrDefault(namespace, Map.of());
        ServiceRecords service = services.get(name);
        ServiceSnapshot snapshot = service == null ? null : service.snapshot(revision);
        ConcurrentSkipListMap<String, ServiceSnapshot> snapshots =
                published.computeIfAbsent(namespace, key -> new ConcurrentSkipListMap<>());
        if (snapshot != null) {
            snapshots.put(name, snapshot);
        } else {
            snapshots.remove(name);
            services.remove(name);
        }
    }

    private static ServiceRecords records(
            Map<String, Map<String, ServiceRecords>> all, String namespace, ByteString key) {
        return all.computeIfAbsent(namespace, name -> new HashMap<>())
                .computeIfAbsent(RecordKey.parts(key, 1).get(0), ServiceRecords::new);
    }

    /** The records of one service. */
    private static final class ServiceRecords {
        private final String name;
        private final NavigableMap<InstanceKey, InstanceRecords> instances = new java.util.TreeMap<>();
        private @Nullable ServiceRecord service;
        private boolean wasProtected;
        private long lastChange;

        ServiceRecords(String name) {
            this.name = name;
        }

        String name() {
            return name;
        }

        void take(RecordKind kind, ByteString key, @Nullable KeyRecord current, long revision, long atMs) {
            lastChange = Math.max(lastChange, revision);
            try {
                if (kind == RecordKind.SERVICE) {
                    service = current == null ? null : ServiceRecord.parseFrom(current.value());
                    return;
                }
                InstanceKey instance = InstanceKey.of(key);
                InstanceRecords of = instances.computeIfAbsent(instance, InstanceRecords::new);
                switch (kind) {
                    case INSTANCE ->
                        of.definition(
                                current == null
                                        ? null
                                        : InstanceRecord.parseFrom(current.value())
                                                .getInstance(),
                                current);
                    case HEARTBEAT -> of.heartbeat(current, atMs);
                    default -> {
                        String check = RecordKey.parts(key, 4).get(3);
                        of.check(
                                check,
                                current == null ? null : CheckRecord.parseFrom(current.value()),
                                revision,
                                current == null ? atMs : current.modifiedAtMs());
                    }
                }
                if (of.isEmpty()) {
                    instances.remove(instance);
                }
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException("record of service " + name + " cannot be read: " + kind, e);
            }
        }

        /** Null if nothing of the service is known any more. */
        @Nullable
        ServiceSnapshot snapshot(long revision) {
            List<LiveInstance> live = new java.util.ArrayList<>(instances.size());
            for (InstanceRecords records : instances.values()) {
                LiveInstance instance = records.live(revision);
                if (instance != null) {
                    live.add(instance);
                }
            }
            ServiceRecord known = service;
            if (known == null && live.isEmpty()) {
                return null;
            }
            ServiceSnapshot made = new ServiceSnapshot(
                    name,
                    live,
                    known != null && known.hasPolicy() ? known.getPolicy() : null,
                    wasProtected,
                    lastChange);
            wasProtected = made.isProtected();
            return made;
        }
    }
}
