package dev.store.api.discovery;

import java.util.List;

/**
 * What is known of a service.
 *
 * @param service its name
 * @param revision revision for which this is true
 * @param known whether the cluster knows the service; a misspelt name is not known
 * @param instances in order of node and id
 * @param isProtected whether too few are healthy, so that all are given, each with its true health
 * @param stale whether this comes from a file, since no member could be asked yet
 * @param lastChangeRevision revision of the last change of anything of the service; 0 if it is not known
 */
public record ServiceState(
        String service,
        long revision,
        boolean known,
        List<ServiceInstance> instances,
        boolean isProtected,
        boolean stale,
        long lastChangeRevision) {
    public ServiceState {
        instances = List.copyOf(instances);
    }
}
