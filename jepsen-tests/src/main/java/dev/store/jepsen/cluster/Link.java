package dev.store.jepsen.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A TCP proxy in front of one port of a node, for what a kernel without netem cannot do: delay, jitter, little bandwidth,
 * resets, and connections that are open and dead.
 */
public final class Link implements AutoCloseable {
    private static final int CHUNK = 16 * 1024;
    private static final int QUEUE = 256;
    private static final int CONNECT_MS = 2_000;

    private final ServerSocket server;
    private final String targetHost;
    private final int targetPort;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong resets = new AtomicLong();
    private final AtomicLong swallowed = new AtomicLong();
    private volatile long delayNanos;
    private volatile long jitterNanos;
    private volatile long bytesPerSecond;
    private volatile boolean dead;

    private Link(ServerSocket server, String targetHost, int targetPort) {
        this.server = server;
        this.targetHost = targetHost;
        this.targetPort = targetPort;
    }

    /** A proxy that listens on this address. */
    static Link open(String host, String targetHost, int targetPort) {
        try {
            ServerSocket server = new ServerSocket();
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress(InetAddress.getByName(host), Ports.free()));
            Link link = new Link(server, targetHost, targetPort);
            daemon("jepsen-link", link::accept);
            return link;
        } catch (IOException e) {
            throw new RigException("cannot listen on " + host, e);
        }
    }

    /** Where it listens. */
    String endpoint() {
        return server.getInetAddress().getHostAddress() + ":" + port();
    }

    int port() {
        return server.getLocalPort();
    }

    /** Everything comes so much later, and a random part of the jitter on top. */
    public void slow(Duration delay, Duration jitter) {
        delayNanos = delay.toNanos();
        jitterNanos = jitter.toNanos();
    }

    /** No more than so many bytes a second and direction; 0 for any number. */
    public void narrow(long bytes) {
        bytesPerSecond = bytes;
    }

    /** Connections stay open, and what is sent over them is swallowed; new ones are accepted, and dead too. */
    public void die() {
        dead = true;
    }

    /** Resets all connections. */
    public void reset() {
        for (Socket socket : sockets) {
            resets.incrementAndGet();
            abort(socket);
        }
    }

    /** As if it were not there; what was swallowed is lost, so connections that were dead are reset. */
    public void heal() {
        delayNanos = 0;
        jitterNanos = 0;
        bytesPerSecond = 0;
        if (dead) {
            dead = false;
            sockets.forEach(Link::abort);
        }
    }

    /** How many chunks were held back. */
    public long held() {
        return held.get();
    }

    /** How many connections were reset. */
    public long resets() {
        return resets.get();
    }

    /** How many bytes were swallowed. */
    public long swallowed() {
        return swallowed.get();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new RigException("cannot close " + endpoint(), e);
        }
        sockets.forEach(Link::abort);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket near = server.accept();
                daemon("jepsen-link-open", () -> connect(near));
            } catch (IOException e) {
                // Closed, or a connection that was gone already.
            }
        }
    }

    private void connect(Socket near) {
        Socket far = new Socket();
        sockets.add(near);
        try {
            far.connect(new InetSocketAddress(targetHost, targetPort), CONNECT_MS);
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            sockets.add(far);
            pipe(near, far);
            pipe(far, near);
        } catch (IOException e) {
            forget(near, far);
        }
    }

    private record Chunk(ByteBuffer bytes, long dueNanos) {}

    private void pipe(Socket from, Socket to) {
        BlockingQueue<Chunk> queue = new ArrayBlockingQueue<>(QUEUE);
        daemon("jepsen-link-read", () -> read(from, to, queue));
        daemon("jepsen-link-write", () -> write(from, to, queue));
    }

    private void read(Socket from, Socket to, BlockingQueue<Chunk> queue) {
        byte[] buffer = new byte[CHUNK];
        try {
            InputStream in = from.getInputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (dead) {
                    swallowed.addAndGet(count);
                    continue;
                }
                queue.put(new Chunk(ByteBuffer.wrap(Arrays.copyOf(buffer, count)), System.nanoTime() + lateness()));
            }
            queue.put(new Chunk(ByteBuffer.allocate(0), System.nanoTime() + lateness()));
        } catch (IOException e) {
            forget(from, to);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long lateness() {
        long delay = delayNanos;
        long jitter = jitterNanos;
        return jitter == 0 ? delay : delay + ThreadLocalRandom.current().nextLong(jitter);
    }

    private void write(Socket from, Socket to, BlockingQueue<Chunk> queue) {
        try {
            OutputStream out = to.getOutputStream();
            while (!to.isClosed()) {
                Chunk chunk = queue.poll(1, TimeUnit.SECONDS);
                if (chunk == null) {
                    continue;
                }
                long wait = chunk.dueNanos() - System.nanoTime();
                long rate = bytesPerSecond;
                if (rate > 0) {
                    wait = Math.max(wait, 0)
                            + TimeUnit.SECONDS.toNanos(chunk.bytes().remaining()) / rate;
                }
                if (wait > 0) {
                    held.incrementAndGet();
                    TimeUnit.NANOSECONDS.sleep(wait);
                }
                if (chunk.bytes().remaining() == 0) {
                    to.shutdownOutput();
                    return;
                }
                out.write(chunk.bytes().array());
            }
        } catch (IOException e) {
            forget(from, to);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void forget(Socket... ended) {
        for (Socket socket : ended) {
            sockets.remove(socket);
            abort(socket);
        }
    }

    /** Closes with a reset rather than in order. */
    private static void abort(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It is closed already.
        }
    }

    private static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
