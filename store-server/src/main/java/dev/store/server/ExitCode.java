package dev.store.server;

/** How the process ends; docs/operations.md says what to do about each. */
enum ExitCode {
    /** Stopped on request, or only printed something. */
    OK(0, "stopped on request"),
    /** Could not start for a reason without a code of its own. */
    FAILED(1, "could not start"),
    /** A flag, variable or key of the configuration is wrong. */
    BAD_CONFIGURATION(2, "wrong usage or configuration"),
    // 3 is what the JVM ends with when memory ran out (-XX:+ExitOnOutOfMemoryError).
    /** An address is in use or does not exist on this machine. */
    ADDRESS_UNAVAILABLE(4, "an address cannot be listened on"),
    /** The data folder belongs to another node, cluster, process or a newer version, or is damaged. */
    DATA_REFUSED(5, "the data folder must not be used"),
    /** The data folder cannot be written. */
    DATA_UNWRITABLE(6, "the data folder is read-only or full"),
    /** Went on no longer because that could have lost or damaged data. */
    FATAL(70, "a failure after which going on would not be safe"),
    /** Was cut off because stopping took longer than node.shutdown-timeout. */
    STOP_TIMEOUT(71, "stopping took too long");

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    int code() {
        return code;
    }

    String meaning() {
        return meaning;
    }
}
