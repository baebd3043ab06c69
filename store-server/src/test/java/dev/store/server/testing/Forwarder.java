package dev.store.server.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A port of its own that leads to another one of this machine, as a router or container host makes it. */
final class Forwarder implements AutoCloseable {
    private final ServerSocket entrance;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private Forwarder(ServerSocket entrance, int target) {
        this.entrance = entrance;
        this.target = target;
    }

    static Forwarder to(int target) throws IOException {
        Forwarder forwarder = new Forwarder(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target);
        run("accept", forwarder::accept);
        return forwarder;
    }

    int port() {
        return entrance.getLocalPort();
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                connect(entrance.accept());
            } catch (IOException e) {
                // It was closed.
            }
        }
    }

    private void connect(Socket outside) {
        open.add(outside);
        try {
            Socket inside = new Socket(InetAddress.getLoopbackAddress(), target);
            open.add(inside);
            run("in", () -> copy(outside, inside));
            run("out", () -> copy(inside, outside));
        } catch (IOException e) {
            // Nobody listens there yet.
            close(outside);
            open.remove(outside);
        }
    }

    private void copy(Socket from, Socket to) {
        byte[] buffer = new byte[1 << 14];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
            }
        } catch (IOException e) {
            // Either side went away; so does the other.
        } finally {
            close(from);
            close(to);
            open.remove(from);
            open.remove(to);
        }
    }

    @Override
    public void close() {
        try {
            entrance.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        open.forEach(Forwarder::close);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no use any more anyway.
        }
    }

    private static void run(String what, Runnable task) {
        Thread thread = new Thread(task, "forwarder-" + what);
        thread.setDaemon(true);
        thread.start();
    }
}
