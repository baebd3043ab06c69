/** What all services share: answering calls, freshness, pools, limits and the gRPC port itself. */
@NullMarked
package dev.store.server.edge;

import org.jspecify.annotations.NullMarked;
