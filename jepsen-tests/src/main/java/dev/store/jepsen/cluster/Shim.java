package dev.store.jepsen.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;

/** A library preloaded into a node that moves its wall clock and hurts its syncs; built from {@code shim.c} by the run. */
public final class Shim {
    private static final int BYTES = 4096;
    private static final int OFFSET = 0;
    private static final int STROBE = 8;
    private static final int DELAY = 16;
    private static final int ERRORS = 24;
    private static final int LIE = 32;
    private static final int SHIFTED = 40;
    private static final int DELAYED = 48;
    private static final int FAILED = 56;
    private static final int LIED = 64;

    private final Path library;
    private final Path control;
    private final MappedByteBuffer fields;

    private Shim(Path library, Path control, MappedByteBuffer fields) {
        this.library = library;
        this.control = control;
        this.fields = fields;
    }

    /** Why there can be no shim here; empty if there can. */
    public static String obstacle() {
        return Shell.has("gcc") ? "" : "clock jumps and hurt syncs need gcc";
    }

    /** Builds the library into a folder. */
    static Path build(Path folder) {
        Path source = folder.resolve("shim.c");
        Path library = folder.resolve("shim.so");
        try (InputStream resource = Shim.class.getResourceAsStream("shim.c")) {
            if (resource == null) {
                throw new RigException("shim.c is not on the class path");
            }
            Files.copy(resource, source);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + source, e);
        }
        Shell.run("gcc", "-O2", "-shared", "-fPIC", "-o", library.toString(), source.toString(), "-ldl");
        return library;
    }

    /** A control file for one node. */
    static Shim create(Path library, Path control) {
        try (FileChannel channel = FileChannel.open(
                control, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer fields = channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES);
            fields.order(ByteOrder.nativeOrder());
            return new Shim(library, control, fields);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot map " + control, e);
        }
    }

    /** Environment of a node with it. */
    Map<String, String> environment() {
        return Map.of("LD_PRELOAD", library.toString(), "STORE_JEPSEN_SHIM", control.toString());
    }

    /** The wall clock is off by so much from now on. */
    public void shiftClock(Duration by) {
        fields.putLong(STROBE, 0);
        fields.putLong(OFFSET, by.toNanos());
    }

    /** The wall clock jumps by so much and back again, each after this time. */
    public void strobeClock(Duration by, Duration every) {
        fields.putLong(STROBE, every.toNanos());
        fields.putLong(OFFSET, by.toNanos());
    }

    /** Each sync takes so much longer. */
    public void slowSyncs(Duration by) {
        fields.putLong(DELAY, by.toNanos());
    }

    /** So many syncs fail with EIO. */
    public void failSyncs(int times) {
        fields.putLong(ERRORS, times);
    }

    /** Syncs say that they were done, and do nothing. */
    public void lieAboutSyncs(boolean lie) {
        fields.putLong(LIE, lie ? 1 : 0);
    }

    /** All is as without it. */
    public void heal() {
        for (int field : new int[] {OFFSET, STROBE, DELAY, ERRORS, LIE}) {
            fields.putLong(field, 0);
        }
    }

    /** How often a wrong time was told. */
    public long shifted() {
        return fields.getLong(SHIFTED);
    }

    /** How many syncs were slow. */
    public long delayed() {
        return fields.getLong(DELAYED);
    }

    /** How many syncs failed. */
    public long failed() {
        return fields.getLong(FAILED);
    }

    /** How many syncs did nothing. */
    public long lied() {
        return fields.getLong(LIED);
    }
}
