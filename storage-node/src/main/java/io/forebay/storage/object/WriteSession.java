package io.forebay.storage.object;

import io.forebay.common.model.Checksum;
import io.forebay.storage.metadata.ObjectRecord;
import java.nio.ByteBuffer;

/// The writing of one object or part: bytes in, then one commit. What is not committed is never seen, and closing
/// gives its space back.
///
/// For one thread at a time. Whoever began it closes it, after a commit too.
@SuppressWarnings("DoNotCallSuggester") // Signatures first: the bodies follow.
public final class WriteSession implements AutoCloseable {

    /// Takes all remaining bytes; the buffer is the caller's again when this returns. Throws TOO_LARGE when there
    /// are more than announced, NO_SPACE or VOLUME_FAILED when they cannot be stored; the session is then only good
    /// to be closed.
    public void write(ByteBuffer bytes) {
        throw new UnsupportedOperationException("not there yet");
    }

    /// Adds a checksum that the bytes must have; may come after them, but its type must be among those kept or
    /// verified.
    public void expect(Checksum checksum) {
        throw new UnsupportedOperationException("not there yet");
    }

    /// How many bytes were taken so far.
    public long size() {
        throw new UnsupportedOperationException("not there yet");
    }

    /// Makes the object (or part) durable as its bucket says, then visible, and returns its record.
    ///
    /// Throws CHECKSUM_MISMATCH (the type's name is the message's first word), INCOMPLETE_BODY when fewer bytes
    /// came than announced, PRECONDITION_FAILED or NO_SUCH_OBJECT by the conditions, NO_SUCH_UPLOAD for a part of
    /// an upload that ended, NO_SUCH_BUCKET when the bucket refuses writes, NO_SPACE, VOLUME_FAILED. Nothing is
    /// visible then.
    public ObjectRecord commit(Conditions conditions) {
        throw new UnsupportedOperationException("not there yet");
    }

    /// Drops the bytes unless they were committed.
    @Override
    public void close() {
        throw new UnsupportedOperationException("not there yet");
    }
}
