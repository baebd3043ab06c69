package dev.store.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.cli.CommandRun;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The fast lane must read a line as picocli does, or leave it to picocli. */
class FastLaneTest {
    private final Context context = new CommandRun().context();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "get a",
                "get a b",
                "get a --prefix",
                "get --rev 5 a --serializable",
                "get a --rev=5 --print-value-only",
                "get a --at-least-revision 9 -l --keys-only --count-only --limit 3 --from-key",
                "get a --endpoints h:1,h:2 --timeout 500ms -n ns -o json",
                "get a --endpoints=h:1 --timeout=1s --namespace=ns --output=text",
                "put a b",
                "put a -",
                "put a b --lease 7 --prev --keep-lease",
                "put a --keep-value --lease=7",
                "put a -f x",
                "put a --file x -o json",
                "del a",
                "del --all --prev",
                "del a b",
                "del a --prefix --timeout 2s",
                "range a",
                "range a b --keys-only",
                "range --limit 5 --long",
            })
    void readsWhatPicocliReads(String line) throws Exception {
        String[] args = line.split(" ");

        Callable<Integer> fast = FastLane.parse(args, context);

        assertThat(fast).as("the fast lane takes: " + line).isNotNull();
        assertThat(fields(fast)).isEqualTo(fields(byPicocli(args)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "get",
                "get --help",
                "get a --unknown",
                "get a b c",
                "get a --rev x",
                "get a --rev -5",
                "get a --rev",
                "get a --sort-by mod",
                "get a -ojson",
                "get a -o yaml",
                "get -- -a",
                "get -lo json a",
                "put a -- -5",
                "put a --lease 99999999999999999999",
                "watch a",
                "--help",
                "gte a"
            })
    void leavesToPicocliWhatItIsNotSureOf(String line) {
        assertThat(FastLane.parse(line.split(" "), context)).isNull();
    }

    @Test
    void everyOptionIsReadAsPicocliDoesOrNotAtAll() throws Exception {
        for (String command : new String[] {"get", "put", "del", "range"}) {
            CommandLine picocli = Objects.requireNonNull(
                    CommandTree.build(context).getSubcommands().get(command));
            for (OptionSpec option : picocli.getCommandSpec().options()) {
                for (String name : option.names()) {
                    String[] args = option.arity().max() == 0
                            ? new String[] {command, "k", name}
                            : new String[] {command, "k", name, option.type() == String.class ? "v" : "1"};
                    Callable<Integer> fast = FastLane.parse(args, context);
                    if (fast != null) {
                        assertThat(fields(fast)).as(String.join(" ", args)).isEqualTo(fields(byPicocli(args)));
                    }
                }
            }
        }
    }

    private Object byPicocli(String[] args) {
        CommandLine root = CommandTree.build(context);
        return root.parseArgs(args).subcommand().commandSpec().userObject();
    }

    /** The values of all options and parameters, with those of mixins. */
    private static Map<String, Object> fields(Object command) throws IllegalAccessException {
        Map<String, Object> values = new TreeMap<>();
        for (Class<?> type = command.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                field.setAccessible(true);
                if (field.isAnnotationPresent(Mixin.class)) {
                    fields(field.get(command))
                            .forEach((name, value) -> values.put(field.getName() + "." + name, value));
                } else if (field.isAnnotationPresent(Option.class) || field.isAnnotationPresent(Parameters.class)) {
                    values.put(field.getName(), String.valueOf(field.get(command)));
                }
            }
        }
        return values;
    }
}
