package dev.store.server;

import dev.store.server.config.ConfigReference;

/** What {@code store server --help} prints. */
final class Help {
    private static final String HEAD = """
            Usage: store server [--config FILE] [--KEY=VALUE ...]

            Runs one node of a Store cluster until it is stopped by SIGTERM or ^C.

            Examples:
              store server                                a node of its own on 127.0.0.1:7400, data in ./store-data
              store server --config /etc/store/store.yaml --log.level=debug
              store server --print-config                 what would be used, and where each value comes from
              store server --node.name=n2 --client.listen=127.0.0.1:7410 --raft.listen=127.0.0.1:7411 \\
                --cluster.join                            a node that waits to be added: store member add n2 …

            Options:
              --config FILE      read FILE (else the file named by STORE_CONFIG, else none)
              --print-config     print the effective configuration and exit; -o json for JSON
              --version          print the version and exit
              -h, --help         print this and exit

            Every key of store.yaml is a flag, and a variable STORE_… in the environment. Flags win over the environment,
            the environment over the file:
            """;

    private Help() {}

    static String text() {
        StringBuilder text = new StringBuilder(HEAD);
        ConfigReference.flags().forEach(line -> text.append(line).append('\n'));
        text.append("\nExit codes:\n");
        for (ExitCode code : ExitCode.values()) {
            text.append(String.format("  %-3d %s%n", code.code(), code.meaning()));
        }
        return text.toString();
    }
}
