package io.forebay.storage.archive;

import io.forebay.common.io.FileSlice;
import io.forebay.common.model.ByteRange;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.object.Sidecar;
import io.forebay.transform.archive.ArchiveFormat;
import io.forebay.transform.archive.Member;
import io.forebay.transform.archive.RandomBytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The reading of the names of an archive's members, page by page: from the index beside it, where there is
/// one, and no byte of the archive then. For one request.
public final class MemberNames {
    private final ObjectArchives archives;
    private final ObjectKey key;
    private final String prefix;
    private final String after;
    private final int limit;
    private Sidecar sidecar = Sidecar.NONE;
    private @Nullable List<Member> known;

    public MemberNames(ObjectArchives archives, ObjectKey key, String prefix, String after, int limit) {
        this.archives = archives;
        this.key = key;
        this.prefix = prefix;
        this.after = after;
        this.limit = limit;
    }

    /// What has to be opened of an archive of that size; null for nothing.
    ///
    /// @param beside what is kept beside the archive
    public @Nullable ByteRange needed(long size, Sidecar beside) {
        sidecar = beside;
        known = archives.lookUp(beside, index -> index.page(prefix, after, limit));
        return known != null || size == 0 ? null : new ByteRange(0, size);
    }

    /// The members, at most `limit`; closes the slices. Throws what finding the members throws.
    ///
    /// @param archive the bytes of the archive, where they are not the slices'; or null
    public List<Member> found(List<FileSlice> slices, @Nullable RandomBytes archive) {
        try {
            List<Member> found = known;
            if (found == null) {
                RandomBytes bytes = archive == null ? new SliceBytes(slices) : archive;
                ArchiveFormat format = ArchiveFormat.ofName(key.name());
                found = archives.index(format, bytes, sidecar, key.toString()).page(prefix, after, limit);
            }
            return found;
        } finally {
            slices.forEach(FileSlice::close);
        }
    }
}
