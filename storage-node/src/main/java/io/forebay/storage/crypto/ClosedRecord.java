package io.forebay.storage.crypto;

import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.PartSpan;
import io.forebay.storage.metadata.RecordDraft;
import java.util.ArrayList;
import java.util.List;

/// Sealed records as they are told.
public final class ClosedRecord {
    private ClosedRecord() {}

    /// What a sealed record tells without the key: sizes, no checksums. It has no extents.
    public static ObjectRecord of(ObjectRecord record) {
        List<PartSpan> parts = new ArrayList<>(record.partCount());
        long offset = 0;
        for (PartSpan part : record.parts()) {
            long length = Chunks.content(part.length());
            parts.add(new PartSpan(part.number(), offset, length, null));
            offset += length;
        }
        RecordDraft content = RecordDraft.ofContent(record.contentSize(), List.of(), null, parts);
        return seen(record, ObjectRecord.of(content.encode()));
    }

    /// A sealed record with what is known of its content.
    static ObjectRecord seen(ObjectRecord stored, ObjectRecord content) {
        RecordDraft seen = new RecordDraft(
                content.size(),
                stored.modifiedMillis(),
                stored.accessedMillis(),
                stored.version(),
                stored.stamp(),
                content.checksums(),
                stored.etag(),
                content.compositeChecksum(),
                stored.system(),
                stored.custom(),
                null,
                content.parts(),
                stored.seal());
        return ObjectRecord.of(seen.encode());
    }
}
