package io.forebay.storage.object;

import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.IndexCursor;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.Mutation;
import io.forebay.storage.metadata.UploadRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Lists the uploads of a bucket on all volumes, each once, also one that is changing its volume.
final class UploadListing {
    private final Map<byte[], byte[]> found = new TreeMap<>(Arrays::compareUnsigned);
    private final Map<ByteBuffer, Set<String>> left = new HashMap<>();
    private final List<Mutation.Entry> arriving = new ArrayList<>();

    private UploadListing() {}

    /// The first uploads from a key on.
    static List<Mutation.Entry> first(List<VolumeStore> stores, byte[] from, long bucketId, int limit) {
        UploadListing listing = new UploadListing();
        for (VolumeStore store : stores) {
            try (IndexCursor cursor = store.index().cursor(Family.UPLOADS, IndexKeys.bucketEnd(bucketId))) {
                int left = limit;
                for (cursor.seek(from); left > 0 && cursor.isValid(); cursor.next()) {
                    left -= listing.add(cursor.key(), cursor.value()) ? 1 : 0;
                }
            }
        }
        return listing.first(limit);
    }

    /// Whether the upload is there.
    private boolean add(byte[] key, byte[] value) {
        if (UploadRecord.isHere(value)) {
            found.put(key, value);
            return true;
        }
        UploadRecord record = UploadRecord.of(value);
        if (record.stage() == UploadRecord.Stage.LEFT) {
            left.computeIfAbsent(ByteBuffer.wrap(key), any -> new HashSet<>()).add(record.move());
        } else {
            arriving.add(new Mutation.Entry(key, value));
        }
        return false;
    }

    /// What left one volume and arrives on another is an upload too.
    private List<Mutation.Entry> first(int limit) {
        for (Mutation.Entry entry : arriving) {
            UploadRecord record = UploadRecord.of(entry.value());
            if (left.getOrDefault(ByteBuffer.wrap(entry.key()), Set.of()).contains(record.move())) {
                found.putIfAbsent(entry.key(), entry.value());
            }
        }
        return found.entrySet().stream()
                .limit(limit)
                .map(entry -> new Mutation.Entry(entry.getKey(), entry.getValue()))
                .toList();
    }
}
