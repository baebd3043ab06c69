package dev.store.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import dev.store.server.config.ConfigPrinter;
import dev.store.server.config.EffectiveConfig;
import dev.store.server.config.ServerConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node that is the whole process: starts it, and ends the process with it. */
final class NodeProcess {
    private static final Logger LOG = LoggerFactory.getLogger(NodeProcess.class);

    private final StoreServer server;
    private final Duration patience;

    private NodeProcess(StoreServer server, Duration patience) {
        this.server = server;
        this.patience = patience;
    }

    /**
     * Starts the node and returns; the node's threads keep the process alive.
     *
     * @throws StartFailure if it cannot start
     */
    static void start(EffectiveConfig effective, PrintStream out) {
        ServerConfig config = effective.config();
        setLevel(config.log().level());
        Thread.setDefaultUncaughtExceptionHandler(NodeProcess::uncaught);
        long pid = ProcessHandle.current().pid();
        LOG.info(
                "starting: member={} cluster={} version={} java={} pid={} set=[{}]",
                config.node().name(),
                config.cluster().name(),
                Version.current(),
                Runtime.version(),
                pid,
                ConfigPrinter.settings(effective));
        PortCheck.check("client.listen", config.client().listen());
        PortCheck.check("raft.listen", config.raft().listen());
        DataFolder.check(config.node().data());
        NodeProcess process = new NodeProcess(open(config), config.node().shutdownTimeout());
        Runtime.getRuntime().addShutdownHook(new Thread(process::stop, "store-stop"));
        Thread keepAlive = new Thread(NodeProcess::sleepForever, "store-main");
        keepAlive.setDaemon(false);
        keepAlive.start();
        out.println("store: " + config.node().name() + " serves clients on "
                + config.client().advertise() + " (raft " + config.raft().advertise() + ", data "
                + config.node().data().toAbsolutePath().normalize() + ", pid " + pid + ")");
        out.flush();
    }

    /** Ends the process at once: what could lose or damage data must not go on. */
    static void halt(String reason, @org.jspecify.annotations.Nullable Throwable cause) {
        try {
            LOG.error("FATAL: stopping at once: {} exit={}", reason, ExitCode.FATAL.code(), cause);
        } finally {
            Runtime.getRuntime().halt(ExitCode.FATAL.code());
        }
    }

    private static StoreServer open(ServerConfig config) {
        try {
            return StoreServer.start(config, NodeProcess::halt);
        } catch (IOException e) {
            throw new StartFailure(
                    ExitCode.ADDRESS_UNAVAILABLE,
                    "client.listen: " + config.client().listen() + ": " + e,
                    e);
        }
    }

    private void stop() {
        Thread watchdog = new Thread(this::cutOff, "store-stop-watchdog");
        watchdog.setDaemon(true);
        watchdog.start();
        try {
            server.close();
        } catch (RuntimeException e) {
            LOG.error("stopping failed: exit={}", ExitCode.FAILED.code(), e);
            Runtime.getRuntime().halt(ExitCode.FAILED.code());
        }
        // Else the process would end with 143, as if it had not stopped by itself.
        Runtime.getRuntime().halt(ExitCode.OK.code());
    }

    private void cutOff() {
        try {
            Thread.sleep(patience.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        LOG.error("stopping took longer than node.shutdown-timeout: exit={}", ExitCode.STOP_TIMEOUT.code());
        Runtime.getRuntime().halt(ExitCode.STOP_TIMEOUT.code());
    }

    private static void uncaught(Thread thread, Throwable failure) {
        if (failure instanceof Error) {
            halt("thread " + thread.getName() + " died", failure);
        }
        LOG.error("thread died: thread={}", thread.getName(), failure);
    }

    private static void sleepForever() {
        try {
            Thread.currentThread().join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void setLevel(String level) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.toLevel(level));
        }
    }
}
