package dev.store.api.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The members that the client may ask. It stays with one that answers, and goes on to the next when that one fails; one
 * that failed is left alone for a while, longer each time. Thread-safe.
 */
final class Endpoints {
    private final ChannelMaker maker;
    private final List<Endpoint> others = new ArrayList<>(0);
    private volatile List<Endpoint> all;
    private volatile int preferred;
    private boolean closed;

    Endpoints(List<String> addresses, ChannelMaker maker, boolean shuffled) {
        this.maker = maker;
        List<Endpoint> list = new ArrayList<>(addresses.size());
        for (String address : addresses) {
            list.add(new Endpoint(address, maker));
        }
        this.all = list;
        // Clients that all know the members in the same order must not all ask the same one.
        this.preferred = shuffled ? ThreadLocalRandom.current().nextInt(list.size()) : 0;
    }

    int size() {
        return all.size();
    }

    List<String> addresses() {
        List<String> addresses = new ArrayList<>();
        for (Endpoint endpoint : all) {
            addresses.add(endpoint.address());
        }
        return addresses;
    }

    /** The one to ask next, other than {@code failed} if there is another. */
    Endpoint pick(@Nullable Endpoint failed) {
        List<Endpoint> list = all;
        int start = preferred;
        long now = System.nanoTime();
        @Nullable Endpoint soonest = null;
        for (int i = 0; i < list.size(); i++) {
            int place = (start + i) % list.size();
            Endpoint candidate = list.get(place);
            if (candidate == failed && list.size() > 1) {
                continue;
            }
            if (!candidate.avoided(now)) {
                if (i > 0) {
                    preferred = place;
                }
                return candidate;
            }
            if (soonest == null || candidate.avoidUntilNanos() - soonest.avoidUntilNanos() < 0) {
                soonest = candidate;
            }
        }
        return soonest != null ? soonest : list.get(start % list.size());
    }

    /** The one with this address, which need not be among those that {@link #pick} chooses from. */
    synchronized Endpoint at(String address) {
        for (Endpoint endpoint : all) {
            if (endpoint.address().equals(address)) {
                return endpoint;
            }
        }
        for (Endpoint endpoint : others) {
            if (endpoint.address().equals(address)) {
                return endpoint;
            }
        }
        Endpoint endpoint = new Endpoint(address, maker);
        others.add(endpoint);
        if (closed) {
            endpoint.close();
        }
        return endpoint;
    }

    /** Replaces the members; those that stay keep their channels. */
    void replace(List<String> addresses) {
        List<Endpoint> gone;
        synchronized (this) {
            gone = new ArrayList<>(all);
            List<Endpoint> list = new ArrayList<>();
            for (String address : addresses) {
                @Nullable Endpoint kept = null;
                for (Endpoint endpoint : all) {
                    if (endpoint.address().equals(address)) {
                        kept = endpoint;
                    }
                }
                Endpoint endpoint = kept != null ? kept : new Endpoint(address, maker);
                gone.remove(endpoint);
                list.add(endpoint);
            }
            Endpoint current = all.get(preferred % all.size());
            all = list;
            preferred = Math.max(0, list.indexOf(current));
            if (closed) {
                gone.addAll(list);
            }
        }
        for (Endpoint endpoint : gone) {
            endpoint.close();
        }
    }

    void close() {
        List<Endpoint> list;
        synchronized (this) {
            closed = true;
            list = new ArrayList<>(all);
            list.addAll(others);
        }
        for (Endpoint endpoint : list) {
            endpoint.close();
        }
    }
}
