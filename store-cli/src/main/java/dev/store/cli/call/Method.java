package dev.store.cli.call;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;

/**
 * A call that the cluster offers.
 *
 * @param path its HTTP/2 path, {@code /package.Service/Method}
 * @param answers reads its answers
 * @param effect what it does to the cluster
 */
// The request's type appears only in the compiler's check that a call is given its own request.
@SuppressWarnings("UnusedTypeParameter")
public record Method<Q extends MessageLite, R extends MessageLite>(String path, Parser<R> answers, Effect effect) {
    /** What a call does to the cluster, and so whether it may be sent again without knowing what became of it. */
    public enum Effect {
        /** It changes nothing. */
        READ,
        /** It changes something, and carries an operation id: however often it is sent, it is applied once. */
        WRITE_BY_ID,
        /** It changes something, and would do so again. */
        WRITE
    }
}
