package dev.store.jepsen.cluster;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A disk of one node: a file system of its own in an image file. Power loss is what the image holds at that moment: the
 * file system commits nothing by itself for minutes ({@code commit=300}), so that what was not synced is not there.
 */
public final class Disk implements AutoCloseable {
    private static final int MIB = 1024 * 1024;
    private static final int CANARY_BYTES = 4096;

    private final Path folder;
    private final Path mount;
    private Path image;
    private int losses;
    private boolean mounted;

    private Disk(Path folder, Path mount) {
        this.folder = folder;
        this.mount = mount;
        this.image = folder.resolve("disk-0.img");
    }

    /** Why there can be no such disks here; empty if there can. */
    public static String obstacle() {
        if (!Shell.isRoot()) {
            return "disks of their own need root";
        }
        return Shell.has("mkfs.ext4") ? "" : "disks of their own need mkfs.ext4 (package e2fsprogs)";
    }

    /** A new file system of this size, mounted. */
    static Disk create(Path folder, Path mount, int sizeMib) {
        Disk disk = new Disk(folder, mount);
        try {
            Files.createDirectories(mount);
            try (RandomAccessFile file = new RandomAccessFile(disk.image.toFile(), "rw")) {
                file.setLength((long) sizeMib * MIB);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + disk.image, e);
        }
        Shell.run(
                "mkfs.ext4",
                "-q",
                "-F",
                "-m",
                "0",
                "-E",
                "lazy_itable_init=0,lazy_journal_init=0",
                disk.image.toString());
        disk.mount();
        return disk;
    }

    /**
     * The machine loses power while its process is dead: unsynced data is gone.
     *
     * @return the proof: of two files written just before, the one that was not synced is gone and the other is there
     * @throws RigException if it is otherwise: then this was no power loss
     */
    String losePower() {
        Path synced = mount.resolve("canary-synced");
        Path unsynced = mount.resolve("canary-unsynced-" + losses);
        write(synced, true);
        write(unsynced, false);
        Path after = folder.resolve("disk-" + ++losses + ".img");
        Shell.run("cp", "--sparse=always", image.toString(), after.toString());
        unmount();
        try {
            Files.delete(image);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + image, e);
        }
        image = after;
        mount();
        try {
            boolean kept = Files.exists(synced) && Files.size(synced) == CANARY_BYTES;
            boolean lost = !Files.exists(unsynced) || Files.size(unsynced) == 0;
            if (!kept || !lost) {
                throw new RigException("no power loss: the synced file is " + (kept ? "there" : "gone")
                        + ", the unsynced one is " + (lost ? "gone" : "there"));
            }
            Files.delete(synced);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look at " + synced, e);
        }
        return "an unsynced file is gone, a synced one is there";
    }

    /** Leaves no free byte; the file that takes them is deleted by {@link #free}. */
    public void fill() {
        Path filler = mount.resolve("filler");
        ByteBuffer block = ByteBuffer.allocateDirect(MIB);
        try (FileChannel channel = FileChannel.open(filler, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            while (true) {
                block.clear();
                int unused = channel.write(block);
            }
        } catch (IOException e) {
            if (mount.toFile().getUsableSpace() > MIB) {
                throw new UncheckedIOException("cannot fill " + mount, e);
            }
        }
    }

    /** There is room again. */
    public void free() {
        try {
            Files.deleteIfExists(mount.resolve("filler"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot empty " + mount, e);
        }
    }

    /** Free bytes. */
    public long freeBytes() {
        return mount.toFile().getUsableSpace();
    }

    @Override
    public void close() {
        if (mounted) {
            unmount();
        }
    }

    private void mount() {
        Shell.run("mount", "-o", "loop,commit=300,noatime", image.toString(), mount.toString());
        mounted = true;
    }

    private void unmount() {
        if (!Shell.succeeds("umount", mount.toString())) {
            Shell.run("umount", "-l", mount.toString());
        }
        mounted = false;
    }

    private static void write(Path file, boolean sync) {
        ByteBuffer bytes = ByteBuffer.allocate(CANARY_BYTES);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            while (bytes.hasRemaining()) {
                int unused = channel.write(bytes);
            }
            if (sync) {
                channel.force(true);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
