package dev.store.raft.consensus;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.ratis.metrics.LongCounter;
import org.apache.ratis.metrics.MetricRegistries;
import org.apache.ratis.metrics.MetricRegistryInfo;
import org.apache.ratis.metrics.RatisMetricRegistry;
import org.apache.ratis.metrics.Timekeeper;
import org.apache.ratis.util.TimeDuration;

/**
 * Keeps none of Ratis' own metrics. Nobody reads them: what operators see is measured by the parts that know its meaning.
 * Ratis' default implementation keeps samples of each timer in a skip list, and there are several timers on the way of an
 * entry of the log.
 *
 * <p>Public because Ratis finds it by {@link java.util.ServiceLoader}.
 */
public final class NoRatisMetrics extends MetricRegistries {
    private static final LongCounter COUNTER = new Uncounted();
    private static final Timekeeper TIMER = () -> {
        long start = System.nanoTime();
        return () -> System.nanoTime() - start;
    };

    @Override
    public RatisMetricRegistry create(MetricRegistryInfo info) {
        return new Registry(info);
    }

    @Override
    public Optional<RatisMetricRegistry> get(MetricRegistryInfo info) {
        return Optional.empty();
    }

    @Override
    public boolean remove(MetricRegistryInfo info) {
        return false;
    }

    @Override
    public Set<MetricRegistryInfo> getMetricRegistryInfos() {
        return Set.of();
    }

    @Override
    public Collection<RatisMetricRegistry> getMetricRegistries() {
        return List.of();
    }

    @Override
    public void clear() {
        // There is nothing to forget.
    }

    @Override
    public void addReporterRegistration(
            Consumer<RatisMetricRegistry> reporterRegistration, Consumer<RatisMetricRegistry> stopReporter) {
        throw notKept();
    }

    @Override
    public void enableJmxReporter() {
        throw notKept();
    }

    @Override
    public void enableConsoleReporter(TimeDuration consoleReportRate) {
        throw notKept();
    }

    private static UnsupportedOperationException notKept() {
        return new UnsupportedOperationException("metrics of Ratis are not kept (expected: no reporter of them)");
    }

    /** Takes everything and keeps nothing. */
    private record Registry(MetricRegistryInfo info) implements RatisMetricRegistry {
        @Override
        public Timekeeper timer(String name) {
            return TIMER;
        }

        @Override
        public LongCounter counter(String name) {
            return COUNTER;
        }

        @Override
        public boolean remove(String name) {
            return false;
        }

        @Override
        public <T> void gauge(String name, Supplier<Supplier<T>> gaugeSupplier) {
            // Nobody asks.
        }

        @Override
        public MetricRegistryInfo getMetricRegistryInfo() {
            return info;
        }
    }

    private static final class Uncounted implements LongCounter {
        @Override
        public void inc(long n) {
            // Nobody asks.
        }

        @Override
        public void dec(long n) {
            // Nobody asks.
        }

        @Override
        public long getCount() {
            return 0;
        }
    }
}
