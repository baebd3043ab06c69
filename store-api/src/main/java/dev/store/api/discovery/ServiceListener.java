package dev.store.api.discovery;

import dev.store.api.error.StoreException;
import java.util.List;

/** Is told what services are and become; one call at a time, on a thread that may block. */
public interface ServiceListener {
    /** A service is shown for the first time, or has changed. Changes that follow quickly may come as one. */
    void onUpdate(Update update);

    /** All that there was when the watch began, or began again, has been shown. */
    default void onComplete(long revision) {}

    /** The connection was lost; the watch goes on by itself, and what was shown last stays. */
    default void onInterrupted(StoreException cause) {}

    /**
     * One update.
     *
     * @param state the service now
     * @param changed instances that are new or have changed since the last update
     * @param removed instances that are gone since then
     */
    record Update(ServiceState state, List<ServiceInstance> changed, List<ServiceInstance> removed) {
        public Update {
            changed = List.copyOf(changed);
            removed = List.copyOf(removed);
        }
    }
}
