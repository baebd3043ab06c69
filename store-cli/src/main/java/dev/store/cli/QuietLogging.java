package dev.store.cli;

/**
 * Named by {@code -Djava.util.logging.config.class}: no file of settings is read and no handler made. Libraries that
 * log speak to nobody; what concerns the user comes as an error of the command.
 */
public final class QuietLogging {
    /** Called by the JVM's log manager. */
    public QuietLogging() {}
}
