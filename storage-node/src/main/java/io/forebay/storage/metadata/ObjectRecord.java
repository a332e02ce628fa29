package io.forebay.storage.metadata;

import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.ObjectAttributes;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the index holds of one object or part: its attributes, and where its bytes are.
///
/// Immutable. Decoded piece by piece when asked, so that a GET pays for what its reply shows.
@SuppressWarnings("DoNotCallSuggester") // Signatures first: the bodies follow.
public final class ObjectRecord {
    public long size() {
        throw new UnsupportedOperationException("not there yet");
    }

    /// When this content was committed, in milliseconds since the epoch.
    public long modifiedMillis() {
        throw new UnsupportedOperationException("not there yet");
    }

    /// Counted from 1 per object name.
    public long version() {
        throw new UnsupportedOperationException("not there yet");
    }

    /// The entity tag without quotes: the one given at completion, else hex MD5 where an MD5 is kept, else the hex
    /// xxhash64 followed by `-x`.
    public String etag() {
        throw new UnsupportedOperationException("not there yet");
    }

    public @Nullable Checksum checksum(ChecksumType type) {
        throw new UnsupportedOperationException("not there yet");
    }

    public List<Checksum> checksums() {
        throw new UnsupportedOperationException("not there yet");
    }

    /// `algorithm=base64-N`, or null.
    public @Nullable String compositeChecksum() {
        throw new UnsupportedOperationException("not there yet");
    }

    /// The number of parts of a multipart object, 0 for a plain one.
    public int partCount() {
        throw new UnsupportedOperationException("not there yet");
    }

    /// The parts of a multipart object by number; empty for a plain one.
    public List<PartSpan> parts() {
        throw new UnsupportedOperationException("not there yet");
    }

    /// The part of that number, or null.
    public @Nullable PartSpan part(int number) {
        throw new UnsupportedOperationException("not there yet");
    }

    public Map<String, String> system() {
        throw new UnsupportedOperationException("not there yet");
    }

    public Map<String, String> custom() {
        throw new UnsupportedOperationException("not there yet");
    }

    /// Everything together.
    public ObjectAttributes attributes() {
        throw new UnsupportedOperationException("not there yet");
    }
}
