/** Load by Store's own API, in the forms in which it is compared with other systems. */
@NullMarked
package dev.store.bench.store;

import org.jspecify.annotations.NullMarked;
