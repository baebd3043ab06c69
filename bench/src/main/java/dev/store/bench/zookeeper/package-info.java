/** Load by ZooKeeper's asynchronous Java client. */
@NullMarked
package dev.store.bench.zookeeper;

import org.jspecify.annotations.NullMarked;
