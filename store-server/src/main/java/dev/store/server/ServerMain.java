package dev.store.server;

import dev.store.server.CommandLine.Action;
import dev.store.server.config.ConfigException;
import dev.store.server.config.ConfigLoader;
import dev.store.server.config.ConfigPrinter;
import dev.store.server.config.ConfigSources;
import dev.store.server.config.EffectiveConfig;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/** The commands {@code store server} and {@code store snapshot restore}. */
public final class ServerMain {
    private final PrintStream out;
    private final PrintStream err;
    private final Map<String, String> environment;

    ServerMain(PrintStream out, PrintStream err, Map<String, String> environment) {
        this.out = out;
        this.err = err;
        this.environment = environment;
    }

    /** Runs the command; a node that was started keeps the process alive until it is stopped. */
    public static void main(String[] arguments) {
        ExitCode code = new ServerMain(System.out, System.err, System.getenv()).run(List.of(arguments));
        System.out.flush();
        if (code != ExitCode.OK) {
            System.exit(code.code());
        }
    }

    ExitCode run(List<String> arguments) {
        boolean restore = arguments.size() >= 2
                && arguments.get(0).equals("snapshot")
                && arguments.get(1).equals("restore");
        String name = restore ? "store snapshot restore: " : "store server: ";
        try {
            if (restore) {
                return new RestoreCommand(out, environment).run(arguments.subList(2, arguments.size()));
            }
            List<String> rest = arguments.isEmpty() || !arguments.get(0).equals("server")
                    ? arguments
                    : arguments.subList(1, arguments.size());
            return run(CommandLine.parse(rest));
        } catch (ConfigException e) {
            e.problems().forEach(problem -> err.println(name + problem));
            err.println(name + "see --help");
            return ExitCode.BAD_CONFIGURATION;
        } catch (StartFailure e) {
            err.println(name + e.getMessage());
            return e.exitCode();
        }
    }

    private ExitCode run(CommandLine command) {
        if (command.action() == Action.HELP) {
            out.print(Help.text());
            return ExitCode.OK;
        }
        if (command.action() == Action.VERSION) {
            out.println("store " + Version.current() + " (Java " + Runtime.version() + ")");
            return ExitCode.OK;
        }
        EffectiveConfig effective =
                ConfigLoader.load(new ConfigSources(command.fileOr(environment), environment, command.flags()));
        if (command.action() == Action.PRINT_CONFIG) {
            out.print(command.json() ? ConfigPrinter.json(effective) : ConfigPrinter.yaml(effective));
            return ExitCode.OK;
        }
        NodeProcess.start(effective, out);
        return ExitCode.OK;
    }
}
