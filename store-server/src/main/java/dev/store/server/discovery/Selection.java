package dev.store.server.discovery;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.store.api.v1.HealthStatus;
import dev.store.api.v1.Instance;
import dev.store.api.v1.ResolveRequest;
import dev.store.api.v1.ResolveResponse;
import dev.store.api.v1.ServicePolicy;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The instances of a service that fit a request.
 *
 * @param local whether they are those of the caller's zone or region only
 * @param more whether others would fit too
 */
record Selection(List<LiveInstance> instances, boolean local, boolean more) {
    private static final Set<HealthStatus> HEALTHY =
            EnumSet.of(HealthStatus.HEALTH_STATUS_PASSING, HealthStatus.HEALTH_STATUS_WARNING);

    /** Whether a request wants what most want, so that the answer can be shared. */
    static boolean isPlain(ResolveRequest request) {
        return request.getStatusesCount() == 0
                && request.getTagsCount() == 0
                && request.getMetadataCount() == 0
                && request.getLimit() == 0
                && request.getVersion().isEmpty()
                && request.getZone().isEmpty()
                && request.getRegion().isEmpty()
                && request.getCallerZone().isEmpty()
                && request.getCallerRegion().isEmpty()
                && !request.getDraining()
                && !request.getEvery();
    }

    static Selection of(ServiceSnapshot service, ResolveRequest request) {
        List<LiveInstance> fitting = new ArrayList<>();
        String version = request.getVersion().isEmpty() && !request.getEvery()
                ? service.policy().getDefaultVersion()
                : request.getVersion();
        Set<HealthStatus> statuses = HEALTHY;
        if (request.getStatusesCount() > 0) {
            statuses = EnumSet.noneOf(HealthStatus.class);
            statuses.addAll(request.getStatusesList());
        }
        boolean anyStatus = request.getEvery() || service.isProtected();
        for (LiveInstance live : service.instances()) {
            boolean wanted = (anyStatus || statuses.contains(live.status()))
                    && (request.getEvery() || request.getDraining() || !live.draining());
            if (wanted && fits(live.instance(), request, version)) {
                fitting.add(live);
            }
        }
        List<LiveInstance> near = request.getEvery() ? fitting : near(fitting, request, service.policy());
        boolean more = request.getLimit() > 0 && near.size() > request.getLimit();
        return new Selection(
                more ? near.subList(0, request.getLimit()) : near,
                near.size() < fitting.size() || (!near.isEmpty() && isLocal(near, request)),
                more);
    }

    private static boolean isLocal(List<LiveInstance> near, ResolveRequest request) {
        return (!request.getCallerZone().isEmpty() && all(near, inZone(request)))
                || (!request.getCallerRegion().isEmpty() && all(near, inRegion(request)));
    }

    private static boolean all(List<LiveInstance> instances, Predicate<LiveInstance> test) {
        return instances.stream().allMatch(test);
    }

    private static boolean fits(Instance instance, ResolveRequest request, String version) {
        if (!version.isEmpty() && !version.equals(instance.getVersion())) {
            return false;
        }
        if (!request.getZone().isEmpty() && !request.getZone().equals(instance.getZone())) {
            return false;
        }
        if (!request.getRegion().isEmpty() && !request.getRegion().equals(instance.getRegion())) {
            return false;
        }
        for (String tag : request.getTagsList()) {
            if (!instance.getTagsList().contains(tag)) {
                return false;
            }
        }
        for (Map.Entry<String, String> wanted : request.getMetadataMap().entrySet()) {
            if (!wanted.getValue().equals(instance.getMetadataMap().get(wanted.getKey()))) {
                return false;
            }
        }
        return true;
    }

    private static List<LiveInstance> near(List<LiveInstance> fitting, ResolveRequest request, ServicePolicy policy) {
        if (policy.getNoZonePreference()) {
            return fitting;
        }
        int least = Math.max(1, policy.getZoneMinHealthy());
        if (!request.getCallerZone().isEmpty()) {
            List<LiveInstance> zone = fitting.stream().filter(inZone(request)).toList();
            if (healthy(zone) >= least) {
                return zone;
            }
        }
        if (!request.getCallerRegion().isEmpty()) {
            List<LiveInstance> region =
                    fitting.stream().filter(inRegion(request)).toList();
            if (healthy(region) >= least) {
                return region;
            }
        }
        return fitting;
    }

    private static long healthy(List<LiveInstance> instances) {
        return instances.stream().filter(instance -> !instance.critical()).count();
    }

    private static Predicate<LiveInstance> inZone(ResolveRequest request) {
        return live -> live.instance().getZone().equals(request.getCallerZone());
    }

    private static Predicate<LiveInstance> inRegion(ResolveRequest request) {
        return live -> live.instance().getRegion().equals(request.getCallerRegion());
    }

    /** The encoded answer, without its header. */
    ByteString encoded(ServiceSnapshot service) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 + 256 * instances.size());
        for (LiveInstance instance : instances) {
            SnapshotChange.write(bytes, ResolveResponse.INSTANCES_FIELD_NUMBER, instance.encoded());
        }
        ByteString rest = service.answer().setLocal(local).setMore(more).build().toByteString();
        return UnsafeByteOperations.unsafeWrap(bytes.toByteArray()).concat(rest);
    }
}
