package io.forebay.storage.archive;

import io.forebay.common.io.FileSlice;
import io.forebay.common.model.ByteRange;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.api.MembersPage;
import io.forebay.protocol.api.MembersRequest;
import io.forebay.storage.object.Sidecar;
import io.forebay.transform.archive.index.MemberCursor;
import io.forebay.transform.archive.index.MemberIndex;
import io.forebay.transform.archive.model.ArchiveFormat;
import io.forebay.transform.archive.model.SeekableBytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The reading of the names of an archive's members, page by page: from the index beside it, where there is
/// one, and no byte of the archive then. For one request.
public final class MemberNames {
    private final ObjectArchives archives;
    private final ObjectKey key;
    private final MembersRequest request;
    private Sidecar sidecar = Sidecar.NONE;
    private @Nullable MembersPage known;

    public MemberNames(ObjectArchives archives, ObjectKey key, MembersRequest request) {
        this.archives = archives;
        this.key = key;
        this.request = request;
    }

    /// What has to be opened of an archive of that size; null for nothing.
    ///
    /// @param beside what is kept beside the archive
    public @Nullable ByteRange needed(long size, Sidecar beside) {
        sidecar = beside;
        known = archives.lookUp(beside, this::page);
        return known != null || size == 0 ? null : new ByteRange(0, size);
    }

    /// The page that was asked for; closes the slices. Throws what finding the members throws.
    ///
    /// @param archive the bytes of the archive, where they are not the slices'; or null
    public MembersPage found(List<FileSlice> slices, @Nullable SeekableBytes archive) {
        try {
            MembersPage found = known;
            if (found == null) {
                SeekableBytes bytes = archive == null ? SeekableBytes.of(slices) : archive;
                found = archives.index(ArchiveFormat.ofName(key.name()), bytes, sidecar, key.toString(), this::page);
            }
            return found;
        } finally {
            slices.forEach(FileSlice::close);
        }
    }

    private MembersPage page(MemberIndex index) {
        List<MembersPage.Member> members = new ArrayList<>();
        MemberCursor cursor = index.list(request.prefix(), request.after());
        boolean more = cursor.next();
        while (more && members.size() < request.limit()) {
            members.add(new MembersPage.Member(cursor.name(), cursor.size()));
            more = cursor.next();
        }
        return new MembersPage(members, more);
    }
}
