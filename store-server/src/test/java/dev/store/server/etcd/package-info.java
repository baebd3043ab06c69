@NullMarked
package dev.store.server.etcd;

import org.jspecify.annotations.NullMarked;
