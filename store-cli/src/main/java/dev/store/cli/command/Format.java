package dev.store.cli.command;

/** How a result is printed. The names are what users type. */
enum Format {
    /** For people. */
    text,
    /** For programs: one JSON document on one line; for watches, one for each event. */
    json
}
