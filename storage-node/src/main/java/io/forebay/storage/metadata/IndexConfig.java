package io.forebay.storage.metadata;

import io.forebay.common.config.DataSize;
import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;
import io.forebay.common.error.Check;

/// Settings of the index of every volume.
public record IndexConfig(
        @Setting("Memory for the table of hot index entries, off the heap.") @Default("64MiB")
        DataSize hotTable,

        @Setting("Memory for index entries that are too large for that table, such as those of objects of many parts.")
        @Default("16MiB")
        DataSize largeRecords,

        @Setting("Memory for index blocks, filters included, off the heap.") @Default("128MiB")
        DataSize blockCache,

        @Setting("Memory for index entries that are not in index files yet.") @Default("32MiB")
        DataSize writeBuffer,

        @Setting("Log bytes after which the index is flushed, so that a restart has at most this much to replay.")
        @Default("256MiB")
        DataSize replay) {
    public IndexConfig {
        Check.argument(writeBuffer.bytes() >= 1 << 20, "write-buffer must be at least 1MiB, not %s", writeBuffer);
        Check.argument(replay.bytes() >= 1 << 20, "replay must be at least 1MiB, not %s", replay);
    }
}
