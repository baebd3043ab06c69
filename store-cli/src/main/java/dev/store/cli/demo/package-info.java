/** A tour of what Store is for: a small payment system of real processes on a running cluster. */
@NullMarked
package dev.store.cli.demo;

import org.jspecify.annotations.NullMarked;
