package dev.store.cli.command;

import dev.store.cli.ExitCode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "completion",
        header = "Print the script that completes command lines in bash or zsh.",
        footer = {
            "",
            "Examples:",
            "  source <(store completion bash)           for this shell",
            "  store completion bash > ~/.local/share/bash-completion/completions/store",
            "  source <(store completion zsh)            in ~/.zshrc, for every zsh"
        })
final class CompletionCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
    Shell shell = Shell.bash;

    @Mixin
    final HelpOption help = new HelpOption();

    @Spec
    @Nullable
    CommandSpec spec;

    private final Context context;

    CompletionCommand(Context context) {
        this.context = context;
    }

    /** Shells with a script. The names are what users type. */
    enum Shell {
        bash,
        zsh
    }

    @Override
    public Integer call() {
        return Guard.run(context, false, () -> {
            if (spec != null) {
                // picocli's script serves both: under zsh it loads bashcompinit by itself.
                context.print(AutoComplete.bash("store", spec.root().commandLine()));
            }
            return ExitCode.OK;
        });
    }
}
