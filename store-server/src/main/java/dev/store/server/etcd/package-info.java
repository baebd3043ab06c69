/**
 * etcd's v3 protocol over the keyspace: a translator that holds no truth of its own. Its keys are the ordinary keys of the
 * default namespace.
 */
@NullMarked
package dev.store.server.etcd;

import org.jspecify.annotations.NullMarked;
