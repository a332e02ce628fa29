package io.forebay.storage.archive;

import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.common.io.FileSlice;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.storage.object.Follower;
import io.forebay.transform.archive.ArchiveFormat;
import io.forebay.transform.archive.ArchiveLimits;
import io.forebay.transform.archive.Archives;
import io.forebay.transform.archive.Member;
import io.forebay.transform.archive.MemberIndex;
import io.forebay.transform.archive.MemberTable;
import io.forebay.transform.archive.TarScanner;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Finds the members of a tar while it arrives, and those of a zip when it is there; an index of them is kept
/// beside it.
final class MemberFollower implements Follower {
    private final ArchiveFormat format;
    private final ArchiveLimits limits;
    private final LongAdder indexed;
    private final LongAdder refused;
    private final MemberTable table;
    private final @Nullable TarScanner scanner;
    private boolean failed;

    MemberFollower(ArchiveFormat format, ArchiveLimits limits, LongAdder indexed, LongAdder refused) {
        this.format = format;
        this.limits = limits;
        this.indexed = indexed;
        this.refused = refused;
        this.table = new MemberTable(limits);
        this.scanner = format == ArchiveFormat.TAR ? new TarScanner(table, Member.Storage.VERBATIM) : null;
    }

    @Override
    public void accept(ByteBuffer bytes) {
        if (scanner == null || failed) {
            return;
        }
        try {
            scanner.accept(bytes);
        } catch (StoreException e) {
            // An object may have any bytes; whoever asks for a member of it is told.
            failed = true;
        }
    }

    @Override
    public @Nullable ByteSource finish(List<FileSlice> content) {
        try {
            if (!failed) {
                MemberTable found = found(content);
                indexed.increment();
                return MemoryBody.of(MemberIndex.encode(format, found));
            }
        } catch (StoreException e) {
            failed = true;
        }
        refused.increment();
        return null;
    }

    private MemberTable found(List<FileSlice> content) {
        if (scanner == null) {
            return Archives.scan(format, new SliceBytes(content), limits);
        }
        scanner.finish();
        return table;
    }
}
