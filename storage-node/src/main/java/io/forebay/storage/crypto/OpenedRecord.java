package io.forebay.storage.crypto;

import io.forebay.common.io.ByteSource;
import io.forebay.common.io.FileSlice;
import io.forebay.common.model.ByteRange;
import io.forebay.storage.metadata.ObjectRecord;
import java.util.List;

/// A sealed record to which the key is there.
public final class OpenedRecord {
    private final ObjectRecord record;
    private final Runs runs;
    private final DataKey key;
    private final ChunkBuffers buffers;

    OpenedRecord(ObjectRecord stored, ObjectRecord content, Runs runs, DataKey key, ChunkBuffers buffers) {
        this.record = ClosedRecord.seen(stored, content);
        this.runs = runs;
        this.key = key;
        this.buffers = buffers;
    }

    /// The record as its readers see it: sizes, checksums and parts are those of the content. It has no extents.
    public ObjectRecord record() {
        return record;
    }

    /// Which stored bytes are needed for that of the content.
    public ByteRange stored(ByteRange content) {
        return runs.stored(content);
    }

    /// A range of the content.
    ///
    /// @param stored the bytes that are needed for it; belong to the source
    public ByteSource source(List<FileSlice> stored, ByteRange content) {
        return source(new SlicedBytes(stored, buffers), content);
    }

    /// As above, from bytes that pass through somebody else first.
    public ByteSource source(ByteSource stored, ByteRange content) {
        return source(new GatheredBytes(stored, buffers), content);
    }

    private ByteSource source(StoredBytes stored, ByteRange content) {
        return new OpenedSource(stored, key, buffers, runs, content.offset(), content.length());
    }

    Runs runs() {
        return runs;
    }
}
