package dev.store.raft.consensus;

import dev.store.raft.NamedThreads;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.ratis.grpc.server.GrpcServices;
import org.apache.ratis.proto.grpc.RaftServerProtocolServiceGrpc;
import org.apache.ratis.thirdparty.io.grpc.InternalConfigurator;
import org.apache.ratis.thirdparty.io.grpc.InternalConfiguratorRegistry;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannelBuilder;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallExecutorSupplier;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyServerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Says on which threads the calls between members run: the entries and heartbeats that come in where the
 * {@link PeerExecutor} says, answers to them on the thread that reads them, which has little to do with each, and
 * everything else (votes, which are synced to disk, and snapshots) on gRPC's own pool.
 */
final class PeerCalls implements GrpcServices.Customizer {
    private static final AtomicBoolean CHANNELS_SET = new AtomicBoolean();
    private static final String APPEND =
            RaftServerProtocolServiceGrpc.getAppendEntriesMethod().getFullMethodName();

    private final Executor appends;

    PeerCalls(Executor appends) {
        this.appends = appends;
    }

    @Override
    public NettyServerBuilder customize(NettyServerBuilder builder, EnumSet<GrpcServices.Type> types) {
        return builder.callExecutor(new ServerCallExecutorSupplier() {
            @Override
            public <Q, A> @Nullable Executor getExecutor(ServerCall<Q, A> call, Metadata metadata) {
                return call.getMethodDescriptor().getFullMethodName().equals(APPEND) ? appends : null;
            }
        });
    }

    /**
     * Has the channels that Ratis makes from now on run their callbacks on an {@link AnswerExecutor}. Ratis 3.3.0 has no
     * setting for it; the registry is that of its own, relocated gRPC, which nothing else in the process uses.
     */
    static void answerInline() {
        if (CHANNELS_SET.compareAndSet(false, true)) {
            Executor answers = new AnswerExecutor(Executors.newCachedThreadPool(new NamedThreads("peer-answers")));
            InternalConfiguratorRegistry.setConfigurators(List.of(new InternalConfigurator() {
                @Override
                public void configureChannelBuilder(ManagedChannelBuilder<?> builder) {
                    builder.executor(answers);
                }
            }));
        }
    }
}
