package io.forebay.storage.archive;

import io.forebay.common.io.ByteSource;
import io.forebay.common.io.FileSlice;
import io.forebay.storage.object.Follower;
import io.forebay.transform.archive.MemberIndexer;
import io.forebay.transform.archive.model.SeekableBytes;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Finds the members of an archive while it arrives; an index of them is kept beside it. An object may have any
/// bytes: whoever asks for a member of what is no archive is told.
final class MemberFollower implements Follower {
    private final MemberIndexer indexer;
    private final LongAdder indexed;
    private final LongAdder refused;

    MemberFollower(MemberIndexer indexer, LongAdder indexed, LongAdder refused) {
        this.indexer = indexer;
        this.indexed = indexed;
        this.refused = refused;
    }

    @Override
    public void accept(ByteBuffer bytes) {
        indexer.accept(bytes);
    }

    @Override
    public @Nullable ByteSource finish(List<FileSlice> content) {
        ByteSource index = indexer.finish(SeekableBytes.of(content));
        (index == null ? refused : indexed).increment();
        return index;
    }

    @Override
    public void close() {
        indexer.close();
    }
}
