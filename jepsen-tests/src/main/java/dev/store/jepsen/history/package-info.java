/** What clients did and saw, written down in Jepsen's form. */
@NullMarked
package dev.store.jepsen.history;

import org.jspecify.annotations.NullMarked;
