package dev.store.server.etcd;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.store.server.etcd.v3.ResponseHeader;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Answers without what two clusters cannot have in common: their ids and terms. Revisions stay: both begin at 1. */
final class NormalForm {
    private NormalForm() {}

    /** What a call comes to: its answer, or its error. */
    static String of(Supplier<? extends Message> call) {
        try {
            return normalised(call.get()).toString();
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode() + ": " + e.getStatus().getDescription();
        }
    }

    static Message normalised(Message message) {
        if (message instanceof ResponseHeader header) {
            return header.toBuilder()
                    .clearClusterId()
                    .clearMemberId()
                    .clearRaftTerm()
                    .build();
        }
        Message.Builder builder = message.toBuilder();
        for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
            FieldDescriptor descriptor = field.getKey();
            if (descriptor.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
                continue;
            }
            if (field.getValue() instanceof List<?> list) {
                for (int i = 0; i < list.size(); i++) {
                    builder.setRepeatedField(descriptor, i, normalised((Message) list.get(i)));
                }
            } else {
                builder.setField(descriptor, normalised((Message) field.getValue()));
            }
        }
        return builder.build();
    }
}
