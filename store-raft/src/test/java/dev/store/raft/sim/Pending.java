package dev.store.raft.sim;

import dev.store.raft.v1.Command;
import dev.store.raft.v1.CommandResult;
import java.util.function.Consumer;

/** A command that was handed to a member, and who waits for its outcome. */
record Pending(Command command, Consumer<CommandResult> onResult, Runnable onUnknown) {
    void done(CommandResult result) {
        onResult.accept(result);
    }

    void fail() {
        onUnknown.run();
    }
}
