package dev.store.raft.consensus;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a snapshot file says about itself, in lines of text, the last one a digest of all before.
 *
 * @param format format of the file
 * @param groupId Raft group that it was taken from
 * @param term term of the last entry in it
 * @param index log index of the last entry in it
 * @param revision revision of the state
 * @param files what it holds
 */
record SnapshotManifest(int format, String groupId, long term, long index, long revision, List<Content> files) {
    /** Format that this version writes; a newer one is refused. */
    static final int FORMAT = 1;

    SnapshotManifest {
        files = List.copyOf(files);
    }

    /** One file of the state. */
    record Content(String path, long bytes, String sha256) {}

    byte[] encode() {
        StringBuilder text = new StringBuilder()
                .append("format=")
                .append(format)
                .append("\ngroup=")
                .append(groupId)
                .append("\nterm=")
                .append(term)
                .append("\nindex=")
                .append(index)
                .append("\nrevision=")
                .append(revision)
                .append('\n');
        for (Content file : files) {
            text.append("file=")
                    .append(file.sha256())
                    .append(' ')
                    .append(file.bytes())
                    .append(' ')
                    .append(file.path());
            text.append('\n');
        }
        String body = text.toString();
        return (body + "sha256=" + hex(sha256().digest(body.getBytes(StandardCharsets.UTF_8))) + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** @throws ReplicaException if it is damaged or newer than this program */
    static SnapshotManifest decode(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        int last = text.lastIndexOf("sha256=");
        if (last < 0
                || !text.substring(last + 7)
                        .strip()
                        .equals(hex(sha256().digest(text.substring(0, last).getBytes(StandardCharsets.UTF_8))))) {
            throw new ReplicaException("snapshot: its manifest is damaged");
        }
        Map<String, String> fields = new LinkedHashMap<>();
        List<Content> files = new ArrayList<>();
        for (String line : text.substring(0, last).lines().toList()) {
            int equals = line.indexOf('=');
            String name = line.substring(0, equals);
            String value = line.substring(equals + 1);
            if (name.equals("file")) {
                String[] parts = value.split(" ", 3);
                files.add(new Content(parts[2], Long.parseLong(parts[1]), parts[0]));
            } else {
                fields.put(name, value);
            }
        }
        int format = Integer.parseInt(fields.getOrDefault("format", "0"));
        if (format > FORMAT) {
            throw new ReplicaException("snapshot: format " + format + " (expected: at most " + FORMAT
                    + "); it was written by a newer version");
        }
        return new SnapshotManifest(
                format,
                fields.getOrDefault("group", ""),
                Long.parseLong(fields.getOrDefault("term", "0")),
                Long.parseLong(fields.getOrDefault("index", "-1")),
                Long.parseLong(fields.getOrDefault("revision", "0")),
                files);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }

    /** Digest of a stream, read to its end. */
    static String sha256(InputStream in) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[1 << 16];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            digest.update(buffer, 0, n);
        }
        return hex(digest.digest());
    }
}
