/** Load by etcd's protocol: the same code for etcd and for Store. */
@NullMarked
package dev.store.bench.etcd;

import org.jspecify.annotations.NullMarked;
