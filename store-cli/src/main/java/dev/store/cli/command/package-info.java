/** The commands: what each takes, asks of the cluster and prints. */
@NullMarked
package dev.store.cli.command;

import org.jspecify.annotations.NullMarked;
