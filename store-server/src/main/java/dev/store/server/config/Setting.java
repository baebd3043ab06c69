package dev.store.server.config;

/**
 * The text that somebody gave for a key.
 *
 * @param text the text
 * @param origin where it came from, for people: {@code default}, {@code store.yaml:3}, {@code STORE_NODE_NAME} or
 *     {@code --node.name}
 */
record Setting(String text, String origin) {}
