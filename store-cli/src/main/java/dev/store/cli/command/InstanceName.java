package dev.store.cli.command;

import dev.store.api.v1.InstanceRef;
import picocli.CommandLine.Parameters;

/** The three arguments that name an instance. */
final class InstanceName {
    @Parameters(index = "0", paramLabel = "SERVICE", description = "The service.")
    String service = "";

    @Parameters(index = "1", paramLabel = "NODE", description = "The node of the instance.")
    String node = "";

    @Parameters(index = "2", paramLabel = "ID", description = "The id of the instance on its node.")
    String id = "";

    InstanceRef ref() {
        return InstanceRef.newBuilder()
                .setService(service)
                .setNode(node)
                .setId(id)
                .build();
    }

    @Override
    public String toString() {
        return service + " " + node + " " + id;
    }
}
