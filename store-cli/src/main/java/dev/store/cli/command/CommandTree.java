package dev.store.cli.command;

import dev.store.cli.ExitCode;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** All commands, as picocli knows them. */
public final class CommandTree {
    /** Options that many commands share have at least this order, and a heading of their own. */
    private static final int SHARED_ORDER = 100;

    private static final int HELP_COLUMNS_MAX = 110;
    private static final String SHARED_SECTION = "sharedOptions";

    private CommandTree() {}

    /** Runs a command line and returns its exit code. */
    public static int execute(String[] args, Context context) {
        return build(context).execute(args);
    }

    /** The tree. */
    static CommandLine build(Context context) {
        CommandLine root = new CommandLine(new RootCommand(context));
        root.addSubcommand(new GetCommand(context));
        root.addSubcommand(new PutCommand(context));
        root.addSubcommand(new DelCommand(context));
        root.addSubcommand(new RangeCommand(context));
        root.addSubcommand(new WatchCommand(context));
        root.addSubcommand(new TxnCommand(context));
        root.addSubcommand(new CommandLine(new LeaseCommands.Group(context))
                .addSubcommand(new LeaseCommands.Grant(context))
                .addSubcommand(new LeaseKeepAlive(context))
                .addSubcommand(new LeaseCommands.Ttl(context))
                .addSubcommand(new LeaseCommands.ListAll(context))
                .addSubcommand(new LeaseCommands.Revoke(context)));
        root.addSubcommand(new CommandLine(new ServiceCommands.Group(context))
                .addSubcommand(new ServiceRegister(context))
                .addSubcommand(new ServiceCommands.Deregister(context))
                .addSubcommand(new ServiceCommands.ListAll(context))
                .addSubcommand(new ServiceResolve(context))
                .addSubcommand(new ServiceFollow(context))
                .addSubcommand(new ServiceCommands.Drain(context))
                .addSubcommand(new ServiceCheck(context))
                .addSubcommand(new ServicePolicyCommand(context))
                .addSubcommand(new ServiceCommands.Forget(context)));
        root.addSubcommand(ConfigCommands.tree(context));
        root.addSubcommand(new CommandLine(new LockCommand(context))
                .addSubcommand(new LockViews.ListAll(context))
                .addSubcommand(new LockViews.Show(context)));
        root.addSubcommand(new SemaphoreCommand(context));
        root.addSubcommand(new ElectCommand(context));
        root.addSubcommand(new CompactCommand(context));
        root.addSubcommand(new CommandLine(new MemberCommands.Group(context))
                .addSubcommand(new MemberCommands.ListAll(context))
                .addSubcommand(new MemberCommands.Add(context))
                .addSubcommand(new MemberCommands.Promote(context))
                .addSubcommand(new MemberCommands.Remove(context))
                .addSubcommand(new MemberCommands.TransferLeader(context)));
        root.addSubcommand(new StatusCommand(context));
        root.addSubcommand(new CommandLine(new SnapshotCommands.Group(context))
                .addSubcommand(new SnapshotCommands.Save(context))
                .addSubcommand(new SnapshotCommands.Restore(context)));
        root.addSubcommand(new CommandLine(new ClusterCommands.Group(context))
                .addSubcommand(new ClusterStart(context))
                .addSubcommand(new ClusterCommands.Status(context))
                .addSubcommand(new ClusterCommands.Stop(context))
                .addSubcommand(new ClusterCommands.Restart(context))
                .addSubcommand(new ClusterCommands.Kill(context))
                .addSubcommand(new ClusterCommands.Destroy(context)));
        root.addSubcommand(new DemoCommand(context));
        root.addSubcommand(new VersionCommand(context));
        root.addSubcommand(new CompletionCommand(context));
        arrange(root, context);
        return root;
    }

    private static void arrange(CommandLine root, Context context) {
        root.setColorScheme(Help.defaultColorScheme(context.terminal().colours() ? Ansi.ON : Ansi.OFF));
        root.setUsageHelpWidth(Math.min(context.terminal().columns(), HELP_COLUMNS_MAX));
        root.setUsageHelpLongOptionsMaxWidth(34);
        root.setOut(new PrintWriter(context.out(), true, StandardCharsets.UTF_8));
        root.setErr(new PrintWriter(context.err(), true, StandardCharsets.UTF_8));
        root.setParameterExceptionHandler((e, args) -> usageError(e, context));
        root.setExecutionExceptionHandler((e, line, result) -> {
            throw e;
        });
        List<CommandLine> all = new ArrayList<>();
        collect(root, all);
        for (CommandLine command : all) {
            Map<String, CommandLine.IHelpSectionRenderer> sections = command.getHelpSectionMap();
            sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, help -> options(help, false));
            sections.put(SHARED_SECTION, help -> options(help, true));
            command.getCommandSpec().usageMessage().abbreviateSynopsis(true);
        }
        List<String> keys = new ArrayList<>(root.getHelpSectionKeys());
        keys.add(keys.indexOf(UsageMessageSpec.SECTION_KEY_OPTION_LIST) + 1, SHARED_SECTION);
        root.setHelpSectionKeys(keys);
    }

    private static void collect(CommandLine command, List<CommandLine> all) {
        all.add(command);
        for (CommandLine sub : command.getSubcommands().values()) {
            if (!all.contains(sub)) {
                collect(sub, all);
            }
        }
    }

    private static String options(Help help, boolean shared) {
        List<OptionSpec> options = new ArrayList<>();
        for (OptionSpec option : help.commandSpec().options()) {
            if (!option.hidden() && option.order() >= SHARED_ORDER == shared) {
                options.add(option);
            }
        }
        if (options.isEmpty()) {
            return "";
        }
        options.sort(Comparator.comparingInt(OptionSpec::order));
        Help.Layout layout = help.createDefaultLayout(options, List.of(), help.colorScheme());
        layout.addOptions(options, help.createDefaultParamLabelRenderer());
        String heading = shared && hasOwn(help) ? "Connection and output:" : "Options:";
        return System.lineSeparator() + help.colorScheme().text(heading) + System.lineSeparator() + layout;
    }

    private static boolean hasOwn(Help help) {
        for (OptionSpec option : help.commandSpec().options()) {
            if (option.order() < SHARED_ORDER) {
                return true;
            }
        }
        return help.commandSpec().options().size() > 1;
    }

    private static int usageError(ParameterException e, Context context) {
        CommandLine command = e.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        context.err().println("store: " + message(e));
        List<String> suggestions =
                e instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        if (!suggestions.isEmpty()) {
            context.err().println("  Did you mean " + String.join(" or ", suggestions) + "?");
        }
        context.err().println("  See: " + name + " --help");
        context.err().flush();
        return ExitCode.USAGE;
    }

    private static String message(ParameterException e) {
        ArgSpec argument = e.getArgSpec();
        String message = String.valueOf(e.getMessage());
        return argument == null ? message : message.replace("'", "\"");
    }
}
