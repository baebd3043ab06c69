package dev.store.bench.zookeeper;

import dev.store.bench.load.Operation;
import org.apache.zookeeper.KeeperException;

/** Turns result codes into outcomes. */
final class Answers {
    private Answers() {}

    static boolean isOk(int code) {
        return code == KeeperException.Code.OK.intValue();
    }

    /** Name of a result code. */
    static String name(int code) {
        KeeperException.Code known = KeeperException.Code.get(code);
        return known == null ? "CODE_" + code : known.name();
    }

    /** Ends an operation by its last result. */
    static void tell(int code, Operation.Done done) {
        if (isOk(code)) {
            done.succeeded();
        } else {
            done.failed(name(code));
        }
    }
}
