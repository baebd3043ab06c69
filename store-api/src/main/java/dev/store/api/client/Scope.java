package dev.store.api.client;

import dev.store.api.v1.ReadConsistency;
import dev.store.api.v1.ReadOptions;

/** What a view of the client works with: the shared connection, its settings, and what it has seen of its namespace. */
final class Scope {
    final Connection connection;
    final Settings settings;
    final Session session;

    Scope(Connection connection, Settings settings) {
        this(connection, settings, connection.session(settings.namespace()));
    }

    private Scope(Connection connection, Settings settings, Session session) {
        this.connection = connection;
        this.settings = settings;
        this.session = session;
    }

    /** The same with other settings of the same namespace. */
    Scope with(Settings changed) {
        return changed.namespace().equals(settings.namespace())
                ? new Scope(connection, changed, session)
                : new Scope(connection, changed);
    }

    String namespace() {
        return settings.namespace();
    }

    /** Freshness of a read at {@code revision}, 0 meaning the current one. */
    ReadOptions read(long revision) {
        long atLeast = settings.atLeast();
        if (settings.serializable() && settings.readYourWrites()) {
            long floor = session.floor();
            // A read at an old revision needs a member that has reached that one, not the newest seen.
            atLeast = Math.max(atLeast, revision > 0 ? Math.min(revision, floor) : floor);
        }
        if (!settings.serializable() && atLeast == 0) {
            return ReadOptions.getDefaultInstance();
        }
        return ReadOptions.newBuilder()
                .setConsistency(
                        settings.serializable()
                                ? ReadConsistency.READ_CONSISTENCY_SERIALIZABLE
                                : ReadConsistency.READ_CONSISTENCY_LINEARIZABLE)
                .setAtLeastRevision(atLeast)
                .build();
    }
}
