package dev.store.server.etcd;

import dev.store.server.testing.OneNode;
import dev.store.server.testing.TestCluster.Node;
import org.junit.jupiter.api.BeforeEach;

/** One node over the wire; each test has keys of its own, below {@link #name}. */
abstract class OneEtcdNode extends OneNode {
    Node node;
    EtcdStubs etcd;
    String name;

    @BeforeEach
    void prepare() {
        node = node();
        etcd = new EtcdStubs(node.channel());
        name = name();
    }

    /** A key of this test. */
    final String key(String last) {
        return name + "/" + last;
    }

    /** Where the keys of this test end. */
    final String end() {
        return name + "0";
    }
}
