package dev.store.raft.consensus;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** Checks files that Ratis received against the digests that it wrote beside them. */
final class InstalledFiles {
    private InstalledFiles() {}

    /** Whether every file of the folder has a digest beside it and matches it. */
    static boolean intact(Path folder) throws IOException {
        int checked = 0;
        for (Path file : Folders.files(folder)) {
            if (!SnapshotFiles.isState(file)) {
                continue;
            }
            Path sidecar = file.resolveSibling(file.getFileName() + SnapshotFiles.SIDECAR);
            if (!Files.exists(sidecar)) {
                return false;
            }
            String expected = Files.readString(sidecar).strip().toLowerCase(Locale.ROOT);
            if (!expected.startsWith(md5(file))) {
                return false;
            }
            checked++;
        }
        return checked > 0;
    }

    private static String md5(Path file) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
