/** Pages that show what runs have shown. */
@NullMarked
package dev.store.jepsen.report;

import org.jspecify.annotations.NullMarked;
