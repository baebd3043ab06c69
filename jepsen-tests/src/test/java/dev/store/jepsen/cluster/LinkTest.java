package dev.store.jepsen.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LinkTest {
    private ServerSocket echo;
    private Link link;

    @BeforeEach
    void listen() throws IOException {
        echo = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve, "echo");
        thread.setDaemon(true);
        thread.start();
        link = Link.open("127.0.0.1", "127.0.0.1", echo.getLocalPort());
    }

    @AfterEach
    void close() throws IOException {
        link.close();
        echo.close();
    }

    @Test
    void passesOnWhatIsSent() throws IOException {
        try (Socket socket = connect()) {
            assertThat(echo(socket, 7)).isEqualTo(7);
        }
        assertThat(link.held()).isZero();
    }

    @Test
    void delaysWhatIsSent() throws IOException {
        link.slow(Duration.ofMillis(60), Duration.ZERO);
        try (Socket socket = connect()) {
            long start = System.nanoTime();

            assertThat(echo(socket, 7)).isEqualTo(7);

            // There and back again.
            assertThat(System.nanoTime() - start)
                    .isGreaterThan(Duration.ofMillis(120).toNanos());
        }
        assertThat(link.held()).isPositive();
    }

    @Test
    void letsLittleThrough() throws IOException {
        link.narrow(10);
        try (Socket socket = connect()) {
            long start = System.nanoTime();

            assertThat(echo(socket, 7)).isEqualTo(7);

            assertThat(System.nanoTime() - start)
                    .isGreaterThan(Duration.ofMillis(200).toNanos());
        }
    }

    @Test
    void resetsConnections() throws IOException {
        try (Socket socket = connect()) {
            assertThat(echo(socket, 7)).isEqualTo(7);

            link.reset();

            assertThatThrownBy(() -> {
                        while (true) {
                            assertThat(echo(socket, 8)).isEqualTo(8);
                        }
                    })
                    .isInstanceOfAny(IOException.class, AssertionError.class);
        }
        assertThat(link.resets()).isPositive();
    }

    @Test
    void keepsDeadConnectionsOpenAndCarriesNothing() throws IOException {
        try (Socket socket = connect()) {
            assertThat(echo(socket, 7)).isEqualTo(7);
            link.die();
            socket.setSoTimeout(200);

            assertThatThrownBy(() -> echo(socket, 8)).isInstanceOf(java.net.SocketTimeoutException.class);
        }
        assertThat(link.swallowed()).isPositive();
        link.heal();
        try (Socket socket = connect()) {
            assertThat(echo(socket, 9)).isEqualTo(9);
        }
    }

    private Socket connect() throws IOException {
        String[] endpoint = link.endpoint().split(":", -1);
        return new Socket(endpoint[0], Integer.parseInt(endpoint[1]));
    }

    private static int echo(Socket socket, int value) throws IOException {
        socket.getOutputStream().write(value);
        socket.getOutputStream().flush();
        return socket.getInputStream().read();
    }

    private void serve() {
        while (!echo.isClosed()) {
            try {
                Socket socket = echo.accept();
                Thread thread = new Thread(() -> copy(socket), "echo-connection");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void copy(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            // The other end is gone.
        }
    }
}
