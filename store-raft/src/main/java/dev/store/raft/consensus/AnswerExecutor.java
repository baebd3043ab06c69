package dev.store.raft.consensus;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import org.apache.ratis.thirdparty.io.netty.util.concurrent.FastThreadLocalThread;

/**
 * Runs what is to be done with an answer of a peer on the thread of the connection that has read it: little is done with
 * each, and to wake another thread for it costs more.
 *
 * <p>What comes from any other thread is done elsewhere. An appender of Ratis 3.3.0 does not expect to be told within its own
 * call that this has failed, as it is where a peer is known to be gone ({@code GrpcLogAppender.resetClient} does not find
 * the stream that is only being made): it would wait for that stream for ever.
 */
final class AnswerExecutor implements Executor {
    private final ExecutorService others;

    /** @param others does what must not be done at once */
    AnswerExecutor(ExecutorService others) {
        this.others = others;
    }

    @Override
    public void execute(Runnable task) {
        if (Thread.currentThread() instanceof FastThreadLocalThread) {
            task.run();
        } else {
            others.execute(task);
        }
    }
}
