package dev.store.api.discovery;

import dev.store.api.v1.ResolveRequest;
import java.util.List;
import java.util.function.Predicate;

/** Chooses instances of a watched service as a member would: those of the version, well, and near. */
final class InstanceSelection {
    private InstanceSelection() {}

    static List<ServiceInstance> of(ServiceState state, ResolveRequest wanted) {
        List<ServiceInstance> usable = state.instances().stream()
                .filter(instance -> !instance.draining())
                .filter(instance -> state.isProtected() || instance.health() != Health.CRITICAL)
                .filter(instance ->
                        wanted.getVersion().isEmpty() || wanted.getVersion().equals(instance.version()))
                .toList();
        List<ServiceInstance> zone = in(usable, wanted.getCallerZone(), instance -> wanted.getCallerZone()
                .equals(instance.zone()));
        return zone.isEmpty()
                ? or(
                        in(usable, wanted.getCallerRegion(), instance -> wanted.getCallerRegion()
                                .equals(instance.region())),
                        usable)
                : zone;
    }

    private static List<ServiceInstance> in(
            List<ServiceInstance> usable, String place, Predicate<ServiceInstance> inPlace) {
        return place.isEmpty()
                ? List.of()
                : usable.stream()
                        .filter(inPlace)
                        .filter(instance -> instance.health() != Health.CRITICAL)
                        .toList();
    }

    private static List<ServiceInstance> or(List<ServiceInstance> some, List<ServiceInstance> all) {
        return some.isEmpty() ? all : some;
    }
}
