package dev.store.cli.command;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.cli.ExitCode;
import dev.store.cli.local.LocalFailure;
import dev.store.cli.print.Json;
import java.io.IOException;

/** Runs a command and tells what went wrong: on standard error, with what to do next, and by the exit code. */
final class Guard {
    private Guard() {}

    /** What a command does. */
    interface Action {
        /** Does it and returns the exit code. */
        int run() throws IOException;
    }

    static int run(Context context, boolean json, Action action) {
        int code;
        try {
            code = action.run();
        } catch (StoreException e) {
            code = report(context, json, e);
        } catch (IllegalArgumentException e) {
            code = report(context, json, "INVALID_ARGUMENT", message(e), "", ExitCode.USAGE);
        } catch (LocalFailure e) {
            code = report(context, json, e.reason(), message(e), e.hint(), e.exitCode());
        } catch (IOException e) {
            if (isBrokenPipe(e)) {
                return ExitCode.OK;
            }
            code = report(context, json, "LOCAL_FAILURE", message(e), "", ExitCode.FAILED);
        }
        try {
            context.out().flush();
        } catch (IOException e) {
            return isBrokenPipe(e) ? code : report(context, json, "LOCAL_FAILURE", message(e), "", ExitCode.FAILED);
        }
        return code;
    }

    /** Whether the reader has seen enough, as in {@code store range | head}: no failure worth a word. */
    private static boolean isBrokenPipe(IOException e) {
        return String.valueOf(e.getMessage()).contains("Broken pipe");
    }

    static int report(Context context, boolean json, StoreException e) {
        return report(context, json, e.code().name(), message(e), hint(e), ExitCode.of(e.code()));
    }

    private static int report(Context context, boolean json, String reason, String message, String hint, int exitCode) {
        if (json) {
            Json document = new Json();
            document.object().object("error").field("code", reason).field("message", message);
            if (!hint.isEmpty()) {
                document.field("hint", hint);
            }
            document.field("exit_code", exitCode).endObject().endObject();
            context.err().println(document.take());
        } else {
            context.err().println("store: " + message);
            if (!hint.isEmpty()) {
                context.err().println("  " + hint);
            }
        }
        context.err().flush();
        return exitCode;
    }

    private static String message(Exception e) {
        String message = e.getMessage();
        return message == null ? e.toString() : message;
    }

    private static String hint(StoreException e) {
        ErrorCode code = e.code();
        return switch (code) {
            case UNREACHABLE ->
                "Start a cluster on this machine with `store cluster start`, or name the members of yours with"
                        + " --endpoints or STORE_ENDPOINTS.";
            case NO_LEADER, NOT_READY, OVERLOADED, REVISION_NOT_REACHED ->
                "Nothing was changed. `store status` shows the members; a majority of them must run.";
            case MEMBERSHIP_BUSY, LEARNER_NOT_READY -> "Nothing was changed. Try again in a while.";
            case DEADLINE_EXCEEDED, CONNECTION_LOST ->
                "`store status` shows which members answer; --timeout gives them more time.";
            case OUTCOME_UNKNOWN, STALE_OPERATION, INTERNAL ->
                "It is not known whether the change took effect: look before you repeat it.";
            case COMPACTED -> {
                String revision = e.details().get("compact_revision");
                yield revision == null
                        ? "Older revisions are forgotten; read the current one and go on from there."
                        : "Revisions below " + revision + " are forgotten; use " + revision + " or a later one.";
            }
            case FUTURE_REVISION -> {
                String revision = e.details().get("current_revision");
                yield revision == null ? "" : "The current revision is " + revision + ".";
            }
            case RESULT_TOO_LARGE -> "Ask for less, as with --limit or a longer prefix.";
            default -> "";
        };
    }
}
