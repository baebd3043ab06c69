/** The public contract of a Store cluster: its protocol and the Java client built on it. */
@NullMarked
package dev.store.api;

import org.jspecify.annotations.NullMarked;
