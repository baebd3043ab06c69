package dev.store.api.client;

import com.google.protobuf.ByteString;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.GetRequest;
import dev.store.api.v1.GetResponse;
import dev.store.api.v1.KeySpan;
import dev.store.api.v1.KeyValue;
import dev.store.api.v1.OperationId;
import dev.store.api.v1.PutRequest;
import dev.store.api.v1.PutResponse;
import dev.store.api.v1.Range;
import dev.store.api.v1.ReadOptions;
import dev.store.api.v1.ResponseHeader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The state that some {@link FakeMember}s share: keys with a revision, and the answers of numbered operations. */
final class FakeStore {
    private final Map<String, KeyValue> keys = new TreeMap<>();
    private final Map<String, PutResponse> answers = new HashMap<>();
    private final Map<Long, Long> acknowledged = new HashMap<>();
    private long revision = 1;
    private int applied;

    synchronized PutResponse put(PutRequest request, long memberId) {
        String operation = null;
        if (request.hasOperation()) {
            OperationId id = request.getOperation();
            operation = Long.toHexString(id.getClientId()) + "/" + id.getSequence();
            PutResponse before = answers.get(operation);
            if (before != null) {
                return before;
            }
            if (id.getSequence() < acknowledged.getOrDefault(id.getClientId(), 0L)) {
                throw new StoreException(ErrorCode.STALE_OPERATION, "sequence: " + id.getSequence());
            }
            acknowledged.merge(id.getClientId(), id.getAcknowledgedBelow(), Math::max);
        }
        revision++;
        applied++;
        KeyValue old = keys.get(request.getPut().getKey().toStringUtf8());
        KeyValue entry = KeyValue.newBuilder()
                .setKey(request.getPut().getKey())
                .setValue(request.getPut().getValue())
                .setModRevision(revision)
                .setCreateRevision(old == null ? revision : old.getCreateRevision())
                .setVersion(old == null ? 1 : old.getVersion() + 1)
                .build();
        keys.put(entry.getKey().toStringUtf8(), entry);
        PutResponse response =
                PutResponse.newBuilder().setHeader(header(memberId)).build();
        if (operation != null) {
            answers.put(operation, response);
        }
        return response;
    }

    synchronized GetResponse get(GetRequest request, long memberId, long reached) {
        ReadOptions read = request.getRead();
        long shown = Math.min(reached, revision);
        if (read.getAtLeastRevision() > shown) {
            throw new StoreException(
                    ErrorCode.REVISION_NOT_REACHED,
                    "revision: " + shown + " (expected: >= " + read.getAtLeastRevision() + ")");
        }
        GetResponse.Builder response =
                GetResponse.newBuilder().setHeader(header(memberId).toBuilder().setRevision(shown));
        KeyValue entry = keys.get(request.getKey().toStringUtf8());
        if (entry != null && entry.getModRevision() <= shown) {
            response.setEntry(entry);
        }
        return response.build();
    }

    /** The entries that a range means, in order. */
    synchronized List<KeyValue> range(Range range) {
        List<KeyValue> found = new ArrayList<>();
        for (Map.Entry<String, KeyValue> entry : keys.entrySet()) {
            String key = entry.getKey();
            boolean matches =
                    switch (range.getKeys().getKindCase()) {
                        case KEY -> key.equals(range.getKeys().getKey().toStringUtf8());
                        case PREFIX ->
                            key.startsWith(range.getKeys().getPrefix().toStringUtf8());
                        case SPAN -> {
                            KeySpan span = range.getKeys().getSpan();
                            yield key.compareTo(span.getStart().toStringUtf8()) >= 0
                                    && (span.getEnd().isEmpty()
                                            || key.compareTo(span.getEnd().toStringUtf8()) < 0);
                        }
                        case KIND_NOT_SET -> false;
                    };
            if (matches && (range.getLimit() == 0 || found.size() < range.getLimit())) {
                found.add(entry.getValue());
            }
        }
        return found;
    }

    synchronized ResponseHeader header(long memberId) {
        return ResponseHeader.newBuilder()
                .setClusterId(77)
                .setMemberId(memberId)
                .setRevision(revision)
                .setRaftTerm(1)
                .build();
    }

    /** How many puts took effect. */
    synchronized int applied() {
        return applied;
    }

    synchronized long revision() {
        return revision;
    }

    synchronized String value(String key) {
        KeyValue entry = keys.get(key);
        ByteString value = entry == null ? ByteString.EMPTY : entry.getValue();
        return value.toStringUtf8();
    }
}
