package dev.store.server.watch;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import com.google.protobuf.WireFormat;
import dev.store.api.v1.WatchResponse;
import dev.store.server.edge.EncodedMarshaller;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * A response of a watch whose events were encoded once, long before, for all watches that receive them: only the head
 * (watch id, revision, marks) is encoded for this watch. On the wire it is an ordinary message, as the order of fields does
 * not matter there.
 */
public final class WatchFrame {
    public static final EncodedMarshaller<WatchFrame> MARSHALLER =
            new EncodedMarshaller<>(WatchFrame::sizeBytes, WatchFrame::writeTo);

    /** Two numbers of 32 bits, seven in a byte. */
    private static final int LONGEST_PREFIX = 10;

    private final byte[] head;
    private final int tag;
    private final List<ByteString> elements;
    private final int sizeBytes;

    private WatchFrame(byte[] head, int field, List<ByteString> elements) {
        this.head = head;
        this.tag = (field << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED;
        this.elements = elements;
        long size = this.head.length;
        int tagSize = CodedOutputStream.computeUInt32SizeNoTag(tag);
        for (ByteString element : elements) {
            size += tagSize + CodedOutputStream.computeUInt32SizeNoTag(element.size()) + element.size();
        }
        this.sizeBytes = Math.toIntExact(size);
    }

    /** A response without lists. */
    static WatchFrame of(WatchResponse response) {
        return of(response, WatchResponse.EVENTS_FIELD_NUMBER, List.of());
    }

    /**
     * A message of any protocol.
     *
     * @param field number of the list of messages that follow the head
     */
    public static WatchFrame of(MessageLite head, int field, List<ByteString> encodedElements) {
        return new WatchFrame(head.toByteArray(), field, encodedElements);
    }

    /** The same with a head that is encoded already. */
    public static WatchFrame of(byte[] encodedHead, int field, List<ByteString> encodedElements) {
        return new WatchFrame(encodedHead, field, encodedElements);
    }

    /** Events in their encoded form. */
    static WatchFrame events(WatchResponse head, List<ByteString> encodedEvents) {
        return of(head, WatchResponse.EVENTS_FIELD_NUMBER, encodedEvents);
    }

    /** Entries of a snapshot in their encoded form. */
    static WatchFrame snapshotEntries(WatchResponse head, List<ByteString> encodedEntries) {
        return of(head, WatchResponse.SNAPSHOT_ENTRIES_FIELD_NUMBER, encodedEntries);
    }

    int sizeBytes() {
        return sizeBytes;
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(head);
        byte[] prefix = new byte[LONGEST_PREFIX];
        for (ByteString element : elements) {
            // In one piece: the transport does much for each.
            out.write(prefix, 0, putVarint(prefix, putVarint(prefix, 0, tag), element.size()));
            element.writeTo(out);
        }
    }

    private static int putVarint(byte[] bytes, int from, int value) {
        int at = from;
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            bytes[at++] = (byte) ((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        bytes[at++] = (byte) rest;
        return at;
    }
}
