package dev.store.server.etcd;

import com.google.protobuf.CodedOutputStream;
import dev.store.server.etcd.v3.ResponseHeader;
import dev.store.server.etcd.v3.WatchResponse;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Encodes what stands before the events of a watch response. An event goes to all watches of a stream one after the other,
 * and the header is the same for all of them. For one thread at a time.
 */
final class EventHeads {
    private final EtcdHeaders headers;
    private long revision = -1;
    private long term = -1;
    private byte[] header = {};

    EventHeads(EtcdHeaders headers) {
        this.headers = headers;
    }

    /** Header, watch id and whether more of the same revision follows. */
    byte[] of(long watchId, long atRevision, boolean fragment) {
        byte[] common = header(atRevision);
        int size = common.length
                + (watchId == 0 ? 0 : CodedOutputStream.computeInt64Size(WatchResponse.WATCH_ID_FIELD_NUMBER, watchId))
                + (fragment ? CodedOutputStream.computeBoolSize(WatchResponse.FRAGMENT_FIELD_NUMBER, true) : 0);
        byte[] head = new byte[size];
        CodedOutputStream out = CodedOutputStream.newInstance(head);
        try {
            out.writeRawBytes(common);
            if (watchId != 0) {
                out.writeInt64(WatchResponse.WATCH_ID_FIELD_NUMBER, watchId);
            }
            if (fragment) {
                out.writeBool(WatchResponse.FRAGMENT_FIELD_NUMBER, true);
            }
            out.checkNoSpaceLeft();
            return head;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot happen in memory", e);
        }
    }

    private byte[] header(long atRevision) {
        if (revision != atRevision || term != headers.term()) {
            ResponseHeader made = headers.at(atRevision);
            header = WatchResponse.newBuilder().setHeader(made).build().toByteArray();
            revision = atRevision;
            term = made.getRaftTerm();
        }
        return header;
    }
}
