package dev.store.cli.call;

import com.google.protobuf.MessageLite;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls to whichever of the given members answers.
 *
 * <p>The members are tried in the order given. A member that cannot be reached, or says that it cannot serve now, is
 * passed over for the next; so is one that does not answer in its share of the time, if the call may be sent again.
 */
public final class Calls implements AutoCloseable {
    private static final long PAUSE_FIRST_MILLIS = 50;
    private static final long PAUSE_MAX_MILLIS = 500;
    private static final long CONNECT_MILLIS_MAX = 2_000;

    private final List<Endpoint> endpoints;
    private final long timeoutMillis;
    private int current;
    private @Nullable Connection connection;

    /**
     * @param endpoints at least one
     * @param timeoutMillis for each call, over all members tried; greater than 0
     */
    public Calls(List<Endpoint> endpoints, long timeoutMillis) {
        this.endpoints = endpoints;
        this.timeoutMillis = timeoutMillis;
    }

    /** The member that answered last. */
    public Endpoint endpoint() {
        return endpoints.get(current);
    }

    /** Makes a call with one answer. */
    public <Q extends MessageLite, R extends MessageLite> R unary(Method<Q, R> method, Q request) {
        return attempt(method, new Attempts<>(method, request));
    }

    /**
     * Makes a call with many answers and gives each to the reader.
     *
     * @param silenceMillis longest time between two answers
     */
    public <Q extends MessageLite, R extends MessageLite> void stream(
            Method<Q, R> method, Q request, long silenceMillis, AnswerReader<R> reader) throws IOException {
        // Only the first answer can come from the next member instead; after that the stream belongs to one.
        R answer = attempt(method, new Attempts<>(method, request) {
            @Override
            R finish(Connection to, R first, long millis) {
                return first;
            }
        });
        Connection from = Objects.requireNonNull(connection);
        while (answer != null) {
            reader.read(answer);
            answer = from.next(method.answers(), silenceMillis);
        }
    }

    /** Takes the answers of a stream, one by one. */
    public interface AnswerReader<R> {
        /** Takes one answer. */
        void read(R answer) throws IOException;
    }

    private <Q extends MessageLite, R extends MessageLite> R attempt(Method<Q, R> method, Attempts<Q, R> attempts) {
        Deadline deadline = new Deadline(timeoutMillis);
        Troubles troubles = new Troubles(method.effect(), endpoints.size(), timeoutMillis);
        long pause = PAUSE_FIRST_MILLIS;
        for (int tried = 0; ; tried++) {
            int inRound = tried % endpoints.size();
            long left = deadline.leftMillis();
            if (left <= 0) {
                throw troubles.summary();
            }
            try {
                return attempts.once(left / (endpoints.size() - inRound) + 1);
            } catch (StoreException e) {
                disconnect();
                if (!troubles.mayGoOn(e)) {
                    throw troubles.finalWord(e);
                }
                current = (current + 1) % endpoints.size();
            }
            if (inRound == endpoints.size() - 1) {
                if (troubles.nobodyThere(tried + 1)) {
                    throw troubles.summary();
                }
                pause(Math.min(pause, deadline.leftMillis()));
                pause = Math.min(2 * pause, PAUSE_MAX_MILLIS);
            }
        }
    }

    /** One call, to be tried with one member after the other. */
    private class Attempts<Q extends MessageLite, R extends MessageLite> {
        private final Method<Q, R> method;
        private final Q request;

        Attempts(Method<Q, R> method, Q request) {
            this.method = method;
            this.request = request;
        }

        R once(long millis) {
            Deadline deadline = new Deadline(millis);
            Connection to = connected(millis);
            to.send(method.path(), request, Math.max(1, deadline.leftMillis()));
            R answer = to.next(method.answers(), Math.max(1, deadline.leftMillis()));
            if (answer == null) {
                throw new StoreException(ErrorCode.INTERNAL, endpoint() + ": " + method.path() + " gave no answer");
            }
            return finish(to, answer, Math.max(1, deadline.leftMillis()));
        }

        R finish(Connection to, R answer, long millis) {
            // The answer counts only with the status that follows it.
            to.next(method.answers(), millis);
            return answer;
        }
    }

    private Connection connected(long millis) {
        Connection open = connection;
        if (open != null && open.reusable()) {
            return open;
        }
        disconnect();
        open = Connection.open(endpoint(), Math.min(millis, CONNECT_MILLIS_MAX));
        connection = open;
        return open;
    }

    private void disconnect() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(Math.max(0, millis));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(ErrorCode.CANCELED, "interrupted");
        }
    }

    @Override
    public void close() {
        disconnect();
    }
}
