package dev.store.jepsen.seed;

/**
 * One change of the text of a source file.
 *
 * @param file path in the checkout
 * @param before text that must be there exactly once
 * @param after text in its place
 */
record Edit(String file, String before, String after) {}
