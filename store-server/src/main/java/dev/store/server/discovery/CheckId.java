package dev.store.server.discovery;

/** Names one check in the cluster. */
record CheckId(String namespace, InstanceKey instance, String check) {}
