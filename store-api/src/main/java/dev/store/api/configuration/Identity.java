package dev.store.api.configuration;

import dev.store.api.v1.ConfigInstance;

/** Who reads: decides which version is meant for it during a gray release. Immutable: each method gives another one. */
public final class Identity {
    private final ConfigInstance instance;

    private Identity(ConfigInstance instance) {
        this.instance = instance;
    }

    /** An instance with an id, at most 128 characters. Without one (an empty id) there are no receipts. */
    public static Identity of(String id) {
        return new Identity(ConfigInstance.newBuilder().setId(id).build());
    }

    /** Adds a label. */
    public Identity label(String name, String value) {
        return new Identity(instance.toBuilder().putLabels(name, value).build());
    }

    /** Its IP address, where it is another one than that of the connection. */
    public Identity address(String address) {
        return new Identity(instance.toBuilder().setAddress(address).build());
    }

    ConfigInstance toProto() {
        return instance;
    }
}
