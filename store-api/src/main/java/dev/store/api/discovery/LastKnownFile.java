package dev.store.api.discovery;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.store.api.v1.ServiceSummary;
import dev.store.api.v1.WatchServicesResponse;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What was last known of a service, on disk, so that a client can start while the whole cluster is down. Written beside
 * and moved into place; a file that is torn, changed or of another form is taken for none.
 */
final class LastKnownFile {
    private static final int MAGIC = 0x53745376;
    private static final int HEAD_BYTES = 4 + 8;
    private static final int MOST_BYTES = 64 << 20;

    private final Path file;

    LastKnownFile(Path folder, String namespace, String service) {
        // Both are names that are fit for files, but for ':' on some systems.
        String name = (namespace.isEmpty() ? "default" : namespace) + "." + service.replace(':', '%');
        this.file = folder.resolve(name + ".services");
    }

    @Nullable
    WatchServicesResponse read() {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
                return null;
            }
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            if (bytes.remaining() < HEAD_BYTES || bytes.getInt() != MAGIC) {
                return null;
            }
            long expected = bytes.getLong();
            CRC32C sum = new CRC32C();
            sum.update(bytes.duplicate());
            return sum.getValue() == expected ? WatchServicesResponse.parseFrom(bytes) : null;
        } catch (InvalidProtocolBufferException e) {
            return null;
        } catch (IOException e) {
            return null;
        }
    }

    /** Writes a state; a disk that does not take it costs no more than the file. */
    void write(ServiceState state) {
        WatchServicesResponse.Builder content =
                WatchServicesResponse.newBuilder().setRevision(state.revision());
        state.instances().forEach(instance -> content.addInstances(instance.state()));
        if (state.known()) {
            content.addServices(ServiceSummary.newBuilder()
                    .setService(state.service())
                    .setProtected(state.isProtected())
                    .setLastChangeRevision(state.lastChangeRevision()));
        }
        byte[] message = content.build().toByteArray();
        CRC32C sum = new CRC32C();
        sum.update(message);
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(message.length + HEAD_BYTES);
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeInt(MAGIC);
            out.writeLong(sum.getValue());
            out.write(message);
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Path beside = file.resolveSibling(file.getFileName() + ".new");
            try (FileChannel channel = FileChannel.open(
                    beside,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer rest = ByteBuffer.wrap(bytes.toByteArray());
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                channel.force(true);
            }
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            System.getLogger(LastKnownFile.class.getName()).log(System.Logger.Level.WARNING, "not written: " + file, e);
        }
    }
}
