package dev.store.api.discovery;

import dev.store.api.v1.ReadConsistency;
import dev.store.api.v1.ReadOptions;
import dev.store.api.v1.ResolveRequest;

/**
 * Which instances of a service are wanted. Immutable: each method gives another one. Without any, those that pass or
 * warn and do not drain, from the memory of the member asked.
 */
public final class ServiceQuery {
    private final ResolveRequest request;

    private ServiceQuery(ResolveRequest request) {
        this.request = request;
    }

    public static ServiceQuery of(String service) {
        return new ServiceQuery(ResolveRequest.newBuilder().setService(service).build());
    }

    ResolveRequest request() {
        return request;
    }

    private static ServiceQuery of(ResolveRequest.Builder changed) {
        return new ServiceQuery(changed.build());
    }

    /** Those with one of these healths only. */
    public ServiceQuery health(Health... wanted) {
        ResolveRequest.Builder changed = request.toBuilder().clearStatuses();
        for (Health health : wanted) {
            changed.addStatuses(health.status());
        }
        return of(changed);
    }

    /** Those with this tag too. */
    public ServiceQuery tag(String tag) {
        return of(request.toBuilder().addTags(tag));
    }

    public ServiceQuery version(String version) {
        return of(request.toBuilder().setVersion(version));
    }

    public ServiceQuery zone(String zone) {
        return of(request.toBuilder().setZone(zone));
    }

    public ServiceQuery region(String region) {
        return of(request.toBuilder().setRegion(region));
    }

    public ServiceQuery metadata(String name, String value) {
        return of(request.toBuilder().putMetadata(name, value));
    }

    /** Those of this zone, if there are any that are well, else of the region, else all. */
    public ServiceQuery preferZone(String callerZone, String callerRegion) {
        return of(request.toBuilder().setCallerZone(callerZone).setCallerRegion(callerRegion));
    }

    /** Whatever their health and version, also those that drain. */
    public ServiceQuery every() {
        return of(request.toBuilder().setEvery(true));
    }

    /** At most so many, 1 to 10,000. */
    public ServiceQuery limit(int limit) {
        return of(request.toBuilder().setLimit(limit));
    }

    /** What the cluster knows, and not only the member asked: costs a round of messages between members. */
    public ServiceQuery linearizable() {
        return of(request.toBuilder().setRead(ReadOptions.getDefaultInstance()));
    }

    /** What a member knows that has reached this revision. */
    public ServiceQuery atLeast(long revision) {
        return of(request.toBuilder()
                .setRead(ReadOptions.newBuilder()
                        .setConsistency(ReadConsistency.READ_CONSISTENCY_SERIALIZABLE)
                        .setAtLeastRevision(revision)));
    }
}
