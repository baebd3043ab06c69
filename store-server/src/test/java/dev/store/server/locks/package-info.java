@NullMarked
package dev.store.server.locks;

import org.jspecify.annotations.NullMarked;
