package dev.store.server.edge;

import io.grpc.MethodDescriptor;
import java.io.InputStream;

/** Leaves messages as they are on the wire, for the marshaller below to parse, or above to write. */
final class PassThrough implements MethodDescriptor.Marshaller<InputStream> {
    @Override
    public InputStream stream(InputStream value) {
        return value;
    }

    @Override
    public InputStream parse(InputStream stream) {
        return stream;
    }
}
