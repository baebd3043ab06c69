/** The watch service: many watches on one stream, each event written as it was encoded once. */
@NullMarked
package dev.store.server.watch;

import org.jspecify.annotations.NullMarked;
