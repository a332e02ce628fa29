package io.forebay.storage.object;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.Checksummer;
import io.forebay.common.io.Checksummers;
import io.forebay.common.io.FileSlice;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.Durability;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.RecordDraft;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The bytes of an object, or of a part, on their way from another node: what they belong to is told when
/// all have come.
///
/// For one thread at a time. Whoever began it closes it, after a commit too.
public final class ReceiveSession implements AutoCloseable {
    private final String subject;
    private final long length;
    private final ByteSink sink;
    private final Target target;
    private final Checksummer checksummer = Checksummers.of(ChecksumType.XXHASH64);

    ReceiveSession(String subject, long length, ByteSink sink, Target target) {
        this.subject = subject;
        this.length = length;
        this.sink = sink;
        this.target = target;
    }

    /// What a session's bytes become: verified by then.
    @FunctionalInterface
    interface Target {
        Received commit(RecordDraft description, ByteSink sink);

        /// As `commit`, by the key's primary.
        ///
        /// @param alone whether the caller tells the other holders
        default Received adopt(RecordDraft description, ByteSink sink, boolean alone) {
            return commit(description, sink);
        }
    }

    /// Takes all remaining bytes; the buffer is the caller's again when this returns. Throws TOO_LARGE when
    /// there are more than announced, NO_SPACE or VOLUME_FAILED; the session is then only good to be
    /// closed.
    public void write(ByteBuffer bytes) {
        if (!bytes.hasRemaining()) {
            return;
        }
        if (sink.size() + bytes.remaining() > length) {
            throw new StoreException(ErrorCode.TOO_LARGE, subject + ": more bytes than the " + length + " announced");
        }
        checksummer.update(bytes.duplicate());
        sink.write(bytes);
    }

    /// Keeps the bytes as the copy that is described, iff that is newer than what is here; durable as the
    /// bucket says. Throws INCOMPLETE_BODY, CHECKSUM_MISMATCH, NO_SUCH_BUCKET, NO_SPACE, VOLUME_FAILED; for
    /// a part NO_SUCH_UPLOAD and BUSY.
    ///
    /// @param description its extents do not count
    public Received commit(RecordDraft description) {
        verify(description);
        return target.commit(description.withExtents(null), sink);
    }

    /// As `commit`, on the key's primary, which takes an object over with its stamp: the other holders have
    /// it first. What was the object here stays as a version, if it is another one. Throws NODE_UNAVAILABLE and
    /// NOT_OWNER too.
    public Received adopt(RecordDraft description) {
        verify(description);
        return target.adopt(description.withExtents(null), sink, false);
    }

    /// As `adopt`, with the other holders left to the caller.
    public Received adoptAlone(RecordDraft description) {
        verify(description);
        return target.adopt(description.withExtents(null), sink, true);
    }

    /// Drops the bytes unless they were kept.
    @Override
    public void close() {
        sink.close();
    }

    private void verify(RecordDraft description) {
        if (sink.size() != length || description.size() != length) {
            throw new StoreException(
                    ErrorCode.INCOMPLETE_BODY,
                    subject + ": " + sink.size() + " bytes came of " + length + ", for an object of "
                            + description.size());
        }
        Checksum actual = checksummer.finish();
        for (Checksum stored : description.checksums()) {
            if (stored.type() == ChecksumType.XXHASH64) {
                require(stored.equals(actual), stored + " is not that of its bytes");
                return;
            }
        }
        // An object made of parts: they have checksums, or all of it one of another type.
        if (sink.smallBlock() == null) {
            sink.finishFile(Durability.NONE);
        }
        ContentCheck.Mismatch mismatch = mismatch(description);
        require(mismatch == null, String.valueOf(mismatch));
    }

    private ContentCheck.@Nullable Mismatch mismatch(RecordDraft description) {
        List<FileSlice> slices = sink.slices();
        try {
            return new ContentCheck()
                    .mismatch(ObjectRecord.of(description.withExtents(null).encode()), slices);
        } finally {
            slices.forEach(FileSlice::close);
        }
    }

    private void require(boolean holds, String what) {
        if (!holds) {
            throw new StoreException(
                    ErrorCode.CHECKSUM_MISMATCH, subject + " did not come as another node has it: " + what);
        }
    }
}
