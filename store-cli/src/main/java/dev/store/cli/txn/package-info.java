/** Transactions as users write them: a short text form, and JSON. */
@NullMarked
package dev.store.cli.txn;

import org.jspecify.annotations.NullMarked;
