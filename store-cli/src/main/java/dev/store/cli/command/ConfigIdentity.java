package dev.store.cli.command;

import dev.store.api.v1.ConfigInstance;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** As whom entries are read. */
final class ConfigIdentity {
    @Option(
            names = "--as",
            paramLabel = "ID",
            order = 10,
            description = "Id of the instance that reads: it sees the versions that are meant for it.")
    @Nullable
    String id;

    @Option(
            names = "--as-label",
            paramLabel = "NAME=VALUE",
            order = 11,
            description = "A label of the instance that reads; may be repeated.")
    Map<String, String> labels = new LinkedHashMap<>();

    @Option(names = "--as-address", paramLabel = "IP", order = 12, description = "Address of the instance that reads.")
    @Nullable
    String address;

    boolean given() {
        return id != null || !labels.isEmpty() || address != null;
    }

    ConfigInstance instance() {
        return ConfigInstance.newBuilder()
                .setId(id == null ? "" : id)
                .putAllLabels(labels)
                .setAddress(address == null ? "" : address)
                .build();
    }
}
