package io.forebay.storage.archive;

import io.forebay.common.io.ByteSource;
import io.forebay.storage.object.Content;
import io.forebay.transform.archive.ArchiveAppend;
import io.forebay.transform.archive.ArchiveWriter;
import io.forebay.transform.archive.model.ArchiveFormat;
import io.forebay.transform.archive.model.ArchiveSink;

/// One member that is to be in an archive.
///
/// @param content its bytes, which can be read more than once
/// @param modifiedMillis in milliseconds since the epoch
public record NewMember(String name, Content content, long modifiedMillis) {
    /// Makes an archive of it alone. Throws INVALID_ARGUMENT for a name that no archive can have.
    public void writeAlone(ArchiveFormat format, ArchiveSink sink) {
        try (ArchiveWriter writer = ArchiveWriter.open(format, sink);
                ByteSource bytes = content.open()) {
            writer.put(name, content.size(), modifiedMillis, bytes);
            writer.finish();
        }
    }

    /// Writes what follows the bytes of an archive that are kept. Throws as `ArchiveAppend.write` does.
    public void appendTo(ArchiveAppend archive, ArchiveSink sink) {
        try (ByteSource bytes = content.open()) {
            archive.write(name, content.size(), modifiedMillis, bytes, sink);
        }
    }
}
