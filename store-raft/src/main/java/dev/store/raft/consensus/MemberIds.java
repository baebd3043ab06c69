package dev.store.raft.consensus;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/** The 64-bit ids of response headers: never 0, the same on all members. */
final class MemberIds {
    private MemberIds() {}

    static long cluster(UUID groupId) {
        return hash("cluster/" + groupId);
    }

    static long member(String name) {
        return hash("member/" + name);
    }

    private static long hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            long id = ByteBuffer.wrap(digest).getLong();
            return id == 0 ? 1 : id;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
