package dev.store.cli.command;

/**
 * Options that can be set without picocli; reading a command line with it costs more than the call itself.
 *
 * <p>Each method says whether it knew the option and could read its value. Where one did not, the whole command line
 * goes to picocli, which then is the one that judges it. So nothing here reports an error.
 */
interface FastOptions {
    /** Sets an option that takes no value. */
    default boolean flag(String option) {
        return false;
    }

    /** Sets an option that takes a value. */
    default boolean value(String option, String value) {
        return false;
    }

    /** Sets a parameter; the first has index 0. */
    default boolean parameter(int index, String value) {
        return false;
    }

    /** Whether every parameter that must be there is. */
    default boolean complete() {
        return true;
    }
}
