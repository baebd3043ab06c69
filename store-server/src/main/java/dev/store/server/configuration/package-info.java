/**
 * Configuration: entries with typed content and their versions, schemas, gray releases, placeholders, and subscribers with
 * their receipts. A translator over records of the keyspace (docs/adr/0008-faces-on-records.md).
 */
@NullMarked
package dev.store.server.configuration;

import org.jspecify.annotations.NullMarked;
