/**
 * Services in the Java client: {@link dev.store.api.discovery.ServicesClient} registers and finds instances,
 * {@link dev.store.api.discovery.ServiceBalancer} spreads calls over them, and
 * {@link dev.store.api.discovery.StoreNameResolverProvider} makes {@code store:///name} work in any channel of grpc-java.
 */
@NullMarked
package dev.store.api.discovery;

import org.jspecify.annotations.NullMarked;
