package dev.store.cli.local;

/** Something on this machine stands in the way. */
public final class LocalFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;
    private final String hint;
    private final int exitCode;

    /**
     * @param reason a code for programs
     * @param message what is wrong, naming it
     * @param hint what to do next; empty if nothing comes to mind
     */
    public LocalFailure(String reason, String message, String hint, int exitCode) {
        super(message, null, false, false);
        this.reason = reason;
        this.hint = hint;
        this.exitCode = exitCode;
    }

    public String reason() {
        return reason;
    }

    public String hint() {
        return hint;
    }

    public int exitCode() {
        return exitCode;
    }
}
