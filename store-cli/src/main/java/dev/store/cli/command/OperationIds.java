package dev.store.cli.command;

import dev.store.api.v1.OperationId;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/** Names the one mutation of a command, so that it is applied once however often it is sent. */
final class OperationIds {
    private OperationIds() {}

    /** The first operation of a client that no one else is. */
    static OperationId next() {
        return OperationId.newBuilder()
                .setClientId(random())
                .setSequence(1)
                .setAcknowledgedBelow(1)
                .build();
    }

    /** A random number other than 0. Two commands with the same one would get each other's answers. */
    private static long random() {
        long number = 0;
        // SecureRandom reads the same device, but loading its providers takes a command as long as its call.
        try (InputStream device = new FileInputStream("/dev/urandom")) {
            byte[] bytes = device.readNBytes(Long.BYTES);
            if (bytes.length == Long.BYTES) {
                number = ByteBuffer.wrap(bytes).getLong();
            }
        } catch (IOException e) {
            number = 0;
        }
        while (number == 0) {
            number = new SecureRandom().nextLong();
        }
        return number;
    }
}
