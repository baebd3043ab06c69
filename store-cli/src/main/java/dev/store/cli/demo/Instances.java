package dev.store.cli.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The processes of the demo. They are ended with it, by process id, whatever happens. */
final class Instances implements AutoCloseable {
    private final List<String> command;
    private final Map<String, Process> processes = new LinkedHashMap<>();

    /**
     * Starts nothing yet.
     *
     * @param endpoints endpoints of the cluster
     * @param namespace namespace of the demo
     */
    Instances(String endpoints, String namespace) {
        String java = System.getProperty("java.home") + "/bin/java";
        command = List.of(
                java,
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                PaymentsProcess.class.getName(),
                endpoints,
                namespace);
    }

    /** Starts an instance; {@link #awaitReady} waits for it. */
    void start(String name, String zone, String entry) throws IOException {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(name, zone, entry));
        processes.put(
                name,
                new ProcessBuilder(all)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start());
    }

    /** Waits until all instances serve and are registered, and returns each one's port. */
    Map<String, Integer> awaitReady() throws IOException {
        Map<String, Integer> ports = new LinkedHashMap<>();
        for (Map.Entry<String, Process> started : processes.entrySet()) {
            BufferedReader output = new BufferedReader(
                    new InputStreamReader(started.getValue().getInputStream(), StandardCharsets.UTF_8));
            String line = output.readLine();
            while (line != null && !line.startsWith("ready ")) {
                line = output.readLine();
            }
            if (line == null) {
                throw new IOException("instance " + started.getKey()
                        + " ended before it was ready (expected: a line \"ready\"); what it said stands above");
            }
            ports.put(started.getKey(), Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1)));
        }
        return ports;
    }

    long pid(String name) {
        return process(name).pid();
    }

    /** Kills an instance as {@code kill -9} does: it says goodbye to nobody. */
    void kill(String name) {
        process(name).destroyForcibly();
    }

    private Process process(String name) {
        Process process = processes.get(name);
        if (process == null) {
            throw new IllegalArgumentException("instance: " + name + " (expected: one that was started)");
        }
        return process;
    }

    @Override
    public void close() {
        for (Process process : processes.values()) {
            try {
                process.getOutputStream().close();
                if (!process.waitFor(3, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (IOException e) {
                process.destroyForcibly();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                process.destroyForcibly();
            }
        }
    }
}
