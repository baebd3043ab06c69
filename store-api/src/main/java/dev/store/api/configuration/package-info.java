/** Configuration: published, read and followed through {@link dev.store.api.client.StoreClient#config()}. */
@NullMarked
package dev.store.api.configuration;

import org.jspecify.annotations.NullMarked;
