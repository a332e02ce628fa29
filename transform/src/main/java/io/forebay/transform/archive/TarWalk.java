package io.forebay.transform.archive;

import io.forebay.common.io.ByteSource;
import io.forebay.transform.archive.model.Bounds;
import io.forebay.transform.archive.model.Member;
import io.forebay.transform.archive.tar.SparseMap;
import io.forebay.transform.archive.tar.TarEntry;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The members of a tar in their order, with the bytes of each. For one thread at a time.
final class TarWalk implements AutoCloseable {
    private final TarBytes bytes;
    private final TarFeed feed;
    private @Nullable Member member;
    private @Nullable TarEntry entry;

    /// @param bytes owned: they are closed with this
    TarWalk(TarBytes bytes, Bounds bounds) {
        this.bytes = bytes;
        this.feed = new TarFeed(bounds, (found, itsEntry) -> {
            member = found;
            entry = itsEntry;
        });
    }

    /// The next member, passing over what is left of the one before; null at the end. Throws
    /// INVALID_ARGUMENT, TOO_LARGE and UNSUPPORTED when the archive is refused.
    @Nullable
    Member next() {
        member = null;
        entry = null;
        while (member == null && !feed.hasEnded()) {
            if (feed.gap() > 0) {
                feed.pass(bytes.skip(feed.gap()));
            }
            ByteBuffer piece = bytes.next(feed.wanted());
            if (piece == null) {
                bytes.complete();
                feed.complete();
                return null;
            }
            feed.accept(piece, bytes.restart());
        }
        return member;
    }

    /// The bytes of the member that `next` gave, until it is called again. Closing them closes nothing else.
    ByteSource content() {
        TarEntry now = entry;
        if (now == null) {
            throw new IllegalStateException("there is no member");
        }
        SparseMap sparse = now.sparse();
        ByteSource stored = new Stored(now.storedBytes());
        return sparse == null ? stored : new SparseSource(stored, sparse, now.size());
    }

    /// Where the end of the archive is, after `next` gave null.
    long endAt() {
        return feed.endAt();
    }

    @Override
    public void close() {
        bytes.close();
    }

    /// What is stored of the member.
    private final class Stored extends BoundedSource {
        Stored(long length) {
            super(length);
        }

        @Override
        @Nullable
        ByteBuffer more(long max) {
            ByteBuffer piece = bytes.next(max);
            if (piece != null) {
                feed.pass(piece.remaining());
            }
            return piece;
        }
    }
}
