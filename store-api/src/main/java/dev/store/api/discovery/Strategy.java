package dev.store.api.discovery;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Chooses one of several instances. Guarded by the balancer. */
abstract class Strategy {
    /**
     * Chooses.
     *
     * @param from at least one, in order of name
     * @param key key of the call; empty if it has none
     */
    abstract Backend choose(List<Backend> from, String key, long nowNanos);

    static Strategy of(Balancing balancing, RandomGenerator random) {
        return switch (balancing) {
            case ROUND_ROBIN -> new RoundRobin();
            case RANDOM -> new Random(random);
            case WEIGHTED -> new Weighted();
            case LEAST_REQUESTS -> new OfTwo(random, false);
            case PEAK_EWMA -> new OfTwo(random, true);
            case CONSISTENT_HASH -> new ConsistentHash(random);
        };
    }

    private static final class RoundRobin extends Strategy {
        private long next;

        @Override
        Backend choose(List<Backend> from, String key, long nowNanos) {
            return from.get((int) (next++ % from.size()));
        }
    }

    private static final class Random extends Strategy {
        private final RandomGenerator random;

        Random(RandomGenerator random) {
            this.random = random;
        }

        @Override
        Backend choose(List<Backend> from, String key, long nowNanos) {
            return from.get(random.nextInt(from.size()));
        }
    }

    /** Smooth weighted round robin, as in nginx: each gains its weight, the richest is chosen and pays the sum. */
    private static final class Weighted extends Strategy {
        @Override
        Backend choose(List<Backend> from, String key, long nowNanos) {
            Backend best = from.get(0);
            long sum = 0;
            for (Backend backend : from) {
                long weight = backend.instance().weight();
                sum += weight;
                backend.current(backend.current() + weight);
                if (backend.current() > best.current()) {
                    best = backend;
                }
            }
            best.current(best.current() - sum);
            return best;
        }
    }

    /** The better of two by chance (Mitzenmacher 2001): nearly as good as the best of all, without herds. */
    private static final class OfTwo extends Strategy {
        private final RandomGenerator random;
        private final boolean byLatency;

        OfTwo(RandomGenerator random, boolean byLatency) {
            this.random = random;
            this.byLatency = byLatency;
        }

        @Override
        Backend choose(List<Backend> from, String key, long nowNanos) {
            int first = random.nextInt(from.size());
            if (from.size() == 1) {
                return from.get(0);
            }
            int second = random.nextInt(from.size() - 1);
            second += second >= first ? 1 : 0;
            Backend a = from.get(first);
            Backend b = from.get(second);
            return cost(a, nowNanos) <= cost(b, nowNanos) ? a : b;
        }

        private double cost(Backend backend, long nowNanos) {
            return byLatency
                    ? backend.cost(nowNanos)
                    : (backend.underWay() + 1.0) / backend.instance().weight();
        }
    }

    /**
     * A ring on which each instance has places in proportion to its weight. A key meets the first instance after it that
     * has room: no more than a quarter above its share of the calls under way (Mirrokni, Thorup, Zadimoghaddam 2016).
     */
    private static final class ConsistentHash extends Strategy {
        private static final int PLACES = 100;
        private static final double BOUND = 1.25;
        private static final int DEFAULT_WEIGHT = 100;

        private final RandomGenerator random;
        private final TreeMap<Long, String> ring = new TreeMap<>();
        private Map<String, Integer> members = Map.of();

        ConsistentHash(RandomGenerator random) {
            this.random = random;
        }

        @Override
        Backend choose(List<Backend> from, String key, long nowNanos) {
            Map<String, Backend> byName = new TreeMap<>();
            Map<String, Integer> now = new TreeMap<>();
            long underWay = 0;
            long weights = 0;
            for (Backend backend : from) {
                byName.put(backend.instance().name(), backend);
                now.put(backend.instance().name(), backend.instance().weight());
                underWay += backend.underWay();
                weights += backend.instance().weight();
            }
            if (!now.equals(members)) {
                build(now);
            }
            long hash = key.isEmpty() ? random.nextLong() : Hashing.hash(key);
            Backend first = null;
            for (boolean wrapped : new boolean[] {false, true}) {
                for (String name : (wrapped ? ring.headMap(hash) : ring.tailMap(hash)).values()) {
                    Backend backend = byName.get(name);
                    if (backend == null) {
                        continue;
                    }
                    double share = (double) backend.instance().weight() / weights;
                    if (backend.underWay() + 1 <= Math.ceil(BOUND * (underWay + 1) * share)) {
                        return backend;
                    }
                    first = first == null ? backend : first;
                }
            }
            return first == null ? from.get(0) : first;
        }

        private void build(Map<String, Integer> now) {
            ring.clear();
            now.forEach((name, weight) -> {
                long places = Math.max(1, (long) PLACES * weight / DEFAULT_WEIGHT);
                for (long i = 0; i < Math.min(places, 10L * PLACES); i++) {
                    ring.put(Hashing.hash(name + "#" + i), name);
                }
            });
            members = now;
        }
    }
}
