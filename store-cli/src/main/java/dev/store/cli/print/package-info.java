/** How results look: text and tables for people, JSON for programs. */
@NullMarked
package dev.store.cli.print;

import org.jspecify.annotations.NullMarked;
