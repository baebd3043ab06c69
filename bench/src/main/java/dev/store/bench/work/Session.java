package dev.store.bench.work;

import dev.store.bench.load.Driver;
import dev.store.bench.load.LoadSettings;
import dev.store.bench.load.Workload;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The connections of the load to a system, and how that system does what is compared. */
public interface Session extends AutoCloseable {
    /** The load of a job; empty where the system has nothing close to it. */
    Optional<Workload> workload(Job job, LoadSettings settings, Driver driver);

    /** Puts all keys of the settings' key space. */
    void preload(LoadSettings settings);

    /** Puts some key by a connection of its own number; fails after so long. */
    CompletableFuture<?> put(int connection, Duration patience);

    /** Reads some key likewise from the member itself, however old the answer may be. */
    CompletableFuture<?> read(int connection, Duration patience);

    /** Leases that lapse together; empty where the system has nothing close to them. */
    Optional<Lapse> lapse();

    @Override
    void close();

    /** Leases with a key each, all due at about the same time. */
    interface Lapse {
        /** Makes them; returns {@link System#nanoTime} of the moment from which the first can be due. */
        long prepare(int leases);

        /** How many keys are left. */
        long left();
    }
}
