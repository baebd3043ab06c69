/** Errors: one enum, one exception, and their gRPC form. */
@NullMarked
package dev.store.api.error;

import org.jspecify.annotations.NullMarked;
