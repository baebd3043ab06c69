package dev.store.bench.load;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/** The keys and values of a run. Safe for use by several threads. */
public final class Data {
    /** Values that do not compress, enough of them that a block of a file is not one value many times. */
    private static final int VALUES = 64;

    private static final int STAMP_BYTES = Long.BYTES;

    private final LoadSettings settings;
    private final ByteString[] values = new ByteString[VALUES];
    private final AtomicLong next = new AtomicLong();

    /** Keys and values as the settings say. */
    public Data(LoadSettings settings) {
        this.settings = settings;
        Random random = new Random(42);
        for (int i = 0; i < VALUES; i++) {
            byte[] value = new byte[settings.valueBytes()];
            random.nextBytes(value);
            values[i] = ByteString.copyFrom(value);
        }
    }

    /** The key of a number: the number in base 256, highest first, so that the order is the same. */
    public ByteString key(long number) {
        byte[] key = new byte[settings.keyBytes()];
        long rest = number;
        for (int i = key.length - 1; i >= 0 && rest != 0; i--) {
            key[i] = (byte) rest;
            rest >>>= 8;
        }
        return ByteString.copyFrom(key);
    }

    /** The next key, in order or at random. */
    public ByteString nextKey() {
        return key(nextNumber());
    }

    /** The number of the next key. */
    public long nextNumber() {
        return settings.sequential()
                ? next.getAndIncrement() % settings.keySpace()
                : ThreadLocalRandom.current().nextLong(settings.keySpace());
    }

    /** Some value. */
    public ByteString value() {
        return values[ThreadLocalRandom.current().nextInt(VALUES)];
    }

    /** A value that tells when its put began; at least eight bytes. */
    ByteString stampedValue(long nanos) {
        byte[] value = new byte[Math.max(STAMP_BYTES, settings.valueBytes())];
        ByteBuffer.wrap(value).putLong(nanos);
        return ByteString.copyFrom(value);
    }

    /** When the put of a value began. */
    static long stamp(ByteString value) {
        return value.asReadOnlyByteBuffer().getLong();
    }
}
