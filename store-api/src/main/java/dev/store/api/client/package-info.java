/**
 * The Java client: {@link dev.store.api.client.StoreClient} and the values it takes and gives.
 *
 * <p>Requests are immutable, calls answer with {@link java.util.concurrent.CompletableFuture}, and every answer carries
 * the revision at which it was true.
 */
@NullMarked
package dev.store.api.client;

import org.jspecify.annotations.NullMarked;
