package dev.store.server.watch;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import dev.store.server.edge.EncodedMarshaller;
import dev.store.server.edge.Uncopied;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A response of a watch whose events were encoded once, long before, for all watches that receive them: only the head
 * (watch id, revision, marks) is encoded for this watch. On the wire it is an ordinary message, as the order of fields does
 * not matter there.
 */
public final class WatchFrame {
    public static final EncodedMarshaller<WatchFrame> MARSHALLER =
            new EncodedMarshaller<>(WatchFrame::sizeBytes, WatchFrame::writeTo);

    private final byte[] head;
    private final ByteString lists;

    private WatchFrame(byte[] head, ByteString lists) {
        this.head = head;
        this.lists = lists;
    }

    /** A message without lists. */
    public static WatchFrame of(MessageLite message) {
        return of(message, ByteString.EMPTY);
    }

    /**
     * A message of any protocol.
     *
     * @param head the message without its lists
     * @param lists encoded fields that follow
     */
    public static WatchFrame of(MessageLite head, ByteString lists) {
        return new WatchFrame(head.toByteArray(), lists);
    }

    /** The same with a head that is encoded already. */
    public static WatchFrame of(byte[] encodedHead, ByteString lists) {
        return new WatchFrame(encodedHead, lists);
    }

    int sizeBytes() {
        return head.length + lists.size();
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(head);
        Uncopied.write(lists, out);
    }
}
