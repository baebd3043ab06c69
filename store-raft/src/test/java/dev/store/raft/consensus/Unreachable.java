package dev.store.raft.consensus;

import dev.store.api.error.StoreException;
import dev.store.raft.MemberCalls;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;

/** A member all of whose calls fail. */
final class Unreachable {
    private Unreachable() {}

    static MemberCalls member(StoreException error) {
        return (MemberCalls) Proxy.newProxyInstance(
                MemberCalls.class.getClassLoader(),
                new Class<?>[] {MemberCalls.class},
                (proxy, method, arguments) -> CompletableFuture.failedFuture(error));
    }
}
