/**
 * What the faces (services, configuration, locks) share: records in the record area of a namespace, changed by ordinary
 * transactions, and the feed of applied changes from which views in memory are kept.
 */
@NullMarked
package dev.store.server.records;

import org.jspecify.annotations.NullMarked;
