package io.forebay.storage.object;

import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.storage.metadata.Seal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How an upload becomes an object: decided by the caller from the parts that are there.
///
/// @param parts the parts to take, in their order in the object; the others are dropped
/// @param etag the object's entity tag without quotes; null for one derived from its checksums, or a unique one
/// @param checksums of the whole object, as far as they are known
/// @param compositeChecksum `algorithm=base64-N`, or null
/// @param partChecksum which checksum of each part the object remembers, or null for none
/// @param seal what is kept of the encryption of the parts' bytes; null when they are the content itself
/// @param front how many first bytes stay of an object that is extended; it has no fewer, unless it is `ALL`
public record Completion(
        List<Part> parts,
        @Nullable String etag,
        List<Checksum> checksums,
        @Nullable String compositeChecksum,
        @Nullable ChecksumType partChecksum,
        @Nullable Seal seal,
        long front) {
    /// What is extended stays as it is.
    public static final long ALL = Long.MAX_VALUE;

    public Completion {
        parts = List.copyOf(parts);
        checksums = List.copyOf(checksums);
    }

    /// Of parts behind all of what is extended.
    public Completion(
            List<Part> parts,
            @Nullable String etag,
            List<Checksum> checksums,
            @Nullable String compositeChecksum,
            @Nullable ChecksumType partChecksum,
            @Nullable Seal seal) {
        this(parts, etag, checksums, compositeChecksum, partChecksum, seal, ALL);
    }

    /// Of parts whose bytes are the content.
    public Completion(
            List<Part> parts,
            @Nullable String etag,
            List<Checksum> checksums,
            @Nullable String compositeChecksum,
            @Nullable ChecksumType partChecksum) {
        this(parts, etag, checksums, compositeChecksum, partChecksum, null);
    }

    /// Decides over an upload and all its parts by number. Called under the object's lock: short, and free of I/O
    /// other than reading parts. What it throws leaves the upload as it was.
    @FunctionalInterface
    public interface Decision {
        Completion of(Upload upload, List<Part> parts);
    }
}
