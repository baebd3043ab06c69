/** The calls between members, over gRPC. */
@NullMarked
package dev.store.server.member;

import org.jspecify.annotations.NullMarked;
