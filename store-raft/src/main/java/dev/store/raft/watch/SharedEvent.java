package dev.store.raft.watch;

import com.google.protobuf.ByteString;
import dev.store.raft.keyspace.KeyEvent;
import org.jspecify.annotations.Nullable;

/** One event and its encoded forms, each made when first wanted and then shared by all watchers. */
final class SharedEvent {
    private final KeyEvent event;
    private volatile @Nullable Form forms;

    /** One of a few: two protocols, with and without the entry before the change. */
    private record Form(
            EventEncoding encoding,
            boolean previous,
            ByteString encoded,
            @Nullable Form next) {}

    SharedEvent(KeyEvent event) {
        this.event = event;
    }

    KeyEvent event() {
        return event;
    }

    ByteString encoded(EventEncoding encoding, boolean previous) {
        boolean withPrevious = previous && event.previous() != null;
        ByteString known = known(encoding, withPrevious);
        return known != null ? known : encode(encoding, withPrevious);
    }

    private @Nullable ByteString known(EventEncoding encoding, boolean withPrevious) {
        for (Form form = forms; form != null; form = form.next) {
            if (form.encoding == encoding && form.previous == withPrevious) {
                return form.encoded;
            }
        }
        return null;
    }

    private synchronized ByteString encode(EventEncoding encoding, boolean withPrevious) {
        ByteString known = known(encoding, withPrevious);
        if (known == null) {
            known = encoding.encode(event, withPrevious);
            forms = new Form(encoding, withPrevious, known, forms);
        }
        return known;
    }
}
