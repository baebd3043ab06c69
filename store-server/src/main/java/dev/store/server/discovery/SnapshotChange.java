package dev.store.server.discovery;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import dev.store.api.v1.WatchServicesResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What leads from one snapshot of a service to another, as encoded messages of a watch.
 *
 * @param before what was sent before; null for nothing
 * @param messages encoded {@link WatchServicesResponse}s, in order
 */
record SnapshotChange(@Nullable ServiceSnapshot before, List<ByteString> messages) {
    /** Instances go into further messages past this, so that no message grows without bound. */
    private static final int MESSAGE_BYTES = 256 * 1024;

    static SnapshotChange between(@Nullable ServiceSnapshot before, ServiceSnapshot after) {
        Messages messages = new Messages(after.lastChange());
        List<LiveInstance> old = before == null ? List.of() : before.instances();
        int at = 0;
        for (LiveInstance instance : after.instances()) {
            while (at < old.size() && old.get(at).key().compareTo(instance.key()) < 0) {
                messages.removed(old.get(at++));
            }
            boolean was = at < old.size() && old.get(at).key().equals(instance.key());
            if (!was || !old.get(at).looksLike(instance)) {
                messages.instance(instance);
            }
            at += was ? 1 : 0;
        }
        while (at < old.size()) {
            messages.removed(old.get(at++));
        }
        if (before == null || !before.summary().equals(after.summary())) {
            messages.head.addServices(after.summary());
        }
        return new SnapshotChange(before, messages.finish());
    }

    /** The message about a service that is known no more. */
    static List<ByteString> forgotten(ServiceSnapshot before, long revision) {
        Messages messages = new Messages(revision);
        before.instances().forEach(messages::removed);
        messages.head.addServicesRemoved(before.name());
        return messages.finish();
    }

    private static final class Messages {
        private final List<ByteString> done = new ArrayList<>();
        private final long revision;
        private final ByteArrayOutputStream instances = new ByteArrayOutputStream();
        private WatchServicesResponse.Builder head;

        Messages(long revision) {
            this.revision = revision;
            this.head = WatchServicesResponse.newBuilder().setRevision(revision);
        }

        void instance(LiveInstance instance) {
            write(instances, WatchServicesResponse.INSTANCES_FIELD_NUMBER, instance.encoded());
            if (instances.size() > MESSAGE_BYTES) {
                next();
            }
        }

        void removed(LiveInstance instance) {
            head.addRemoved(instance.key().ref());
            if (head.getRemovedCount() >= 1_000) {
                next();
            }
        }

        private void next() {
            ByteString encoded = head.build().toByteString();
            if (instances.size() > 0) {
                encoded = encoded.concat(UnsafeByteOperations.unsafeWrap(instances.toByteArray()));
            }
            done.add(encoded);
            instances.reset();
            head = WatchServicesResponse.newBuilder().setRevision(revision);
        }

        List<ByteString> finish() {
            if (instances.size() > 0
                    || head.getRemovedCount() > 0
                    || head.getServicesCount() > 0
                    || head.getServicesRemovedCount() > 0) {
                next();
            }
            return List.copyOf(done);
        }
    }

    /** Writes a field that holds an encoded message. */
    static void write(ByteArrayOutputStream out, int field, ByteString message) {
        try {
            CodedOutputStream coded = CodedOutputStream.newInstance(out, 16);
            coded.writeUInt32NoTag((field << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED);
            coded.writeUInt32NoTag(message.size());
            coded.flush();
            message.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
