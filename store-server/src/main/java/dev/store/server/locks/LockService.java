package dev.store.server.locks;

import dev.store.api.Limits;
import dev.store.api.v1.AwaitLatchRequest;
import dev.store.api.v1.AwaitLatchResponse;
import dev.store.api.v1.CountDownRequest;
import dev.store.api.v1.CountDownResponse;
import dev.store.api.v1.CreateLatchRequest;
import dev.store.api.v1.CreateLatchResponse;
import dev.store.api.v1.DeleteLatchRequest;
import dev.store.api.v1.DeleteLatchResponse;
import dev.store.api.v1.DescribeLockRequest;
import dev.store.api.v1.DescribeLockResponse;
import dev.store.api.v1.EnterBarrierRequest;
import dev.store.api.v1.EnterBarrierResponse;
import dev.store.api.v1.LeaveBarrierRequest;
import dev.store.api.v1.LeaveBarrierResponse;
import dev.store.api.v1.ListLocksRequest;
import dev.store.api.v1.ListLocksResponse;
import dev.store.api.v1.LockRequest;
import dev.store.api.v1.LockResponse;
import dev.store.api.v1.LocksGrpc;
import dev.store.api.v1.ObserveLockRequest;
import dev.store.api.v1.ObserveLockResponse;
import dev.store.api.v1.ProclaimRequest;
import dev.store.api.v1.ProclaimResponse;
import dev.store.api.v1.RenewLockRequest;
import dev.store.api.v1.RenewLockResponse;
import dev.store.api.v1.UnlockRequest;
import dev.store.api.v1.UnlockResponse;
import dev.store.api.v1.VerifyLockRequest;
import dev.store.api.v1.VerifyLockResponse;
import dev.store.raft.keyspace.Requests;
import dev.store.server.edge.Replies;
import io.grpc.stub.StreamObserver;

/** The service of locks and coordination: checks requests, and hands them to who answers them. */
final class LockService extends LocksGrpc.LocksImplBase {
    private final LockParts parts;
    private final ObserveStreams observers;
    private final LockReads reads;
    private final HoldCalls holds;
    private final LatchCalls latches;

    LockService(LockParts parts, ObserveStreams observers) {
        this.parts = parts;
        this.observers = observers;
        this.reads = new LockReads(parts);
        this.holds = new HoldCalls(parts, reads);
        this.latches = new LatchCalls(parts);
    }

    @Override
    public void lock(LockRequest request, StreamObserver<LockResponse> call) {
        new LockCall(LockRequests.lock(request), parts, call).start();
    }

    @Override
    public void unlock(UnlockRequest request, StreamObserver<UnlockResponse> call) {
        Replies.answer(call, () -> holds.unlock(request));
    }

    @Override
    public void verify(VerifyLockRequest request, StreamObserver<VerifyLockResponse> call) {
        Replies.answer(call, () -> reads.verify(request));
    }

    @Override
    public void renewLock(RenewLockRequest request, StreamObserver<RenewLockResponse> call) {
        Replies.answer(call, () -> holds.renew(request));
    }

    @Override
    public void proclaim(ProclaimRequest request, StreamObserver<ProclaimResponse> call) {
        Replies.answer(call, () -> holds.proclaim(request));
    }

    @Override
    public void observeLock(ObserveLockRequest request, StreamObserver<ObserveLockResponse> call) {
        observers.open(LockRequests.id(request.getNamespace(), request.getName()), call);
    }

    @Override
    public void describeLock(DescribeLockRequest request, StreamObserver<DescribeLockResponse> call) {
        Replies.answer(call, () -> reads.describe(request));
    }

    @Override
    public void listLocks(ListLocksRequest request, StreamObserver<ListLocksResponse> call) {
        Replies.answer(call, () -> reads.list(request));
    }

    @Override
    public void enterBarrier(EnterBarrierRequest request, StreamObserver<EnterBarrierResponse> call) {
        BarrierCommands.Party party = party(
                request.getNamespace(),
                request.getName(),
                request.getOwner(),
                request.getLeaseId(),
                request.getParties());
        new EnterBarrierCall(party, LockRequests.waitMs(request.getWaitMs()), parts, call).start();
    }

    @Override
    public void leaveBarrier(LeaveBarrierRequest request, StreamObserver<LeaveBarrierResponse> call) {
        BarrierCommands.Party party = party(
                request.getNamespace(),
                request.getName(),
                request.getOwner(),
                request.getLeaseId(),
                request.getParties());
        new LeaveBarrierCall(party, LockRequests.waitMs(request.getWaitMs()), parts, call).start();
    }

    private static BarrierCommands.Party party(String namespace, String name, String owner, long leaseId, int parties) {
        LockId id = LockRequests.id(namespace, name);
        LockRequests.owner(owner);
        Requests.leaseId(leaseId);
        LockRequests.between("parties", parties, 1, Limits.BARRIER_PARTIES);
        return new BarrierCommands.Party(id, owner, leaseId, parties, LockRequests.randomCall());
    }

    @Override
    public void createLatch(CreateLatchRequest request, StreamObserver<CreateLatchResponse> call) {
        Replies.answer(call, () -> latches.create(request));
    }

    @Override
    public void countDown(CountDownRequest request, StreamObserver<CountDownResponse> call) {
        Replies.answer(call, () -> latches.countDown(request));
    }

    @Override
    public void awaitLatch(AwaitLatchRequest request, StreamObserver<AwaitLatchResponse> call) {
        LockId id = LockRequests.id(request.getNamespace(), request.getName());
        new AwaitLatchCall(id, LockRequests.waitMs(request.getWaitMs()), parts, call).start();
    }

    @Override
    public void deleteLatch(DeleteLatchRequest request, StreamObserver<DeleteLatchResponse> call) {
        Replies.answer(call, () -> latches.delete(request));
    }
}
