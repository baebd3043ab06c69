package dev.store.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.cli.CommandRun;
import dev.store.cli.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;

class CommandTreeTest {
    @Test
    void everyCommandHasAHelpThatFitsTheTerminal() {
        List<CommandLine> all = new ArrayList<>();
        collect(CommandTree.build(new CommandRun().context()), all);

        assertThat(all).hasSizeGreaterThan(25);
        for (CommandLine command : all) {
            String name = command.getCommandSpec().qualifiedName();
            if (name.equals("store snapshot restore")) {
                continue;
            }
            List<String> args = new ArrayList<>(List.of(name.split(" ")));
            args.remove(0);
            args.add("--help");
            CommandRun run = new CommandRun().with("STORE_COLUMNS", "100").run(args.toArray(new String[0]));

            assertThat(run.exitCode()).as(name).isEqualTo(ExitCode.OK);
            assertThat(run.out()).as(name).contains("Usage: " + name);
            assertThat(run.out().lines()).as(name).allSatisfy(line -> assertThat(line.length())
                    .isLessThanOrEqualTo(110));
            for (ArgSpec argument : command.getCommandSpec().args()) {
                assertThat(argument.hidden() || argument.description().length > 0)
                        .as(name + " " + argument)
                        .isTrue();
            }
        }
    }

    @Test
    void theLauncherGivesEveryStreamingCommandTheJarsThatOnlyTheseNeed() throws IOException {
        List<CommandLine> all = new ArrayList<>();
        collect(CommandTree.build(new CommandRun().context()), all);
        String launcher = Files.readString(Path.of("..", "bin", "store"));
        String named = launcher.lines()
                .filter(line -> line.contains("\"watch \"*"))
                .findFirst()
                .orElseThrow();

        List<String> streaming = all.stream()
                .filter(command -> command.getCommand() instanceof StreamCommand)
                .map(command -> command.getCommandSpec().qualifiedName().substring("store ".length()))
                .toList();
        assertThat(streaming)
                .contains("watch", "lock", "demo", "service register")
                .allSatisfy(name -> assertThat(named).containsAnyOf("\"" + name + "\"", "\"" + name + " \"*"));
    }

    private static void collect(CommandLine command, List<CommandLine> all) {
        all.add(command);
        command.getSubcommands().values().forEach(sub -> collect(sub, all));
    }

    @Test
    void helpGroupsTheOptionsOfEveryCommandApart() {
        assertThat(new CommandRun().run("get", "--help").out())
                .containsSubsequence("Options:", "--prefix", "Connection and output:", "--endpoints", "Examples:");
    }

    @Test
    void aMisspeltCommandOrOptionGetsASuggestion() {
        CommandRun command = new CommandRun().run("wacth", "k");
        CommandRun option = new CommandRun().run("get", "k", "--prefxi");

        assertThat(command.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(command.err()).contains("Did you mean").contains("store --help");
        assertThat(option.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(option.err()).contains("--prefxi").contains("store get --help");
    }

    @Test
    void noCommandShowsTheHelpAndFails() {
        CommandRun run = new CommandRun().run();

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("Usage: store [OPTIONS] COMMAND");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void bashCompletesCommandsAndOptions(@TempDir Path folder) throws IOException, InterruptedException {
        Path script = folder.resolve("completion");
        Files.writeString(script, new CommandRun().run("completion", "bash").out());

        assertThat(completions(script, "store", "lea")).contains("lease");
        assertThat(completions(script, "store", "lease", "g")).contains("grant");
        assertThat(completions(script, "store", "get", "--ser")).contains("--serializable");
        assertThat(completions(script, "store", "completion", "z")).contains("zsh");
    }

    private static String completions(Path script, String... words) throws IOException, InterruptedException {
        String line = "source " + script + "; COMP_WORDS=(" + String.join(" ", words) + "); COMP_CWORD="
                + (words.length - 1) + "; _complete_store; echo \"${COMPREPLY[@]}\"";
        Process bash =
                new ProcessBuilder("bash", "-c", line).redirectErrorStream(true).start();
        String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return output;
    }
}
