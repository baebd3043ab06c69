package dev.store.server.configuration;

import dev.store.server.edge.Headers;
import dev.store.server.edge.ReadPool;
import dev.store.server.records.Records;

/** What the calls of the configuration service share. */
record ConfigParts(
        ConfigView view,
        Records records,
        Headers headers,
        ReadPool pool,
        Mutations mutations,
        Judge judge,
        Ages ages) {}
