package io.forebay.storage.archive;

import io.forebay.common.io.ByteSource;
import io.forebay.common.io.FileSlice;
import io.forebay.storage.object.Follower;
import io.forebay.transform.archive.MemberIndexer;
import io.forebay.transform.archive.model.SeekableBytes;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Finds the members of an archive while it arrives; an index of them is kept beside it. An object may have
/// any bytes: whoever asks for a member of what is no archive is told. When as many archives as allowed are
/// arriving, the members of this one are left to be found by its first reader.
final class MemberFollower implements Follower {
    private final Supplier<MemberIndexer> begin;
    private final Semaphore arriving;
    private final Counts counts;
    private boolean begun;
    private @Nullable MemberIndexer indexer;

    /// @param arriving how many more archives may have their members found
    MemberFollower(Supplier<MemberIndexer> begin, Semaphore arriving, Counts counts) {
        this.begin = begin;
        this.arriving = arriving;
        this.counts = counts;
    }

    /// What became of archives that arrived.
    record Counts(LongAdder indexed, LongAdder refused, LongAdder passedOver) {}

    @Override
    public void accept(ByteBuffer bytes) {
        if (!begun) {
            begun = true;
            if (arriving.tryAcquire()) {
                indexer = begin.get();
            } else {
                counts.passedOver.increment();
            }
        }
        if (indexer != null) {
            indexer.accept(bytes);
        }
    }

    @Override
    public @Nullable ByteSource finish(List<FileSlice> content) {
        if (indexer == null) {
            return null;
        }
        ByteSource index = indexer.finish(SeekableBytes.of(content));
        (index == null ? counts.refused : counts.indexed).increment();
        return index;
    }

    @Override
    public void close() {
        MemberIndexer opened = indexer;
        if (opened != null) {
            indexer = null;
            opened.close();
            arriving.release();
        }
    }
}
