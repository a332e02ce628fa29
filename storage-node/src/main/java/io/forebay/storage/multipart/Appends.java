package io.forebay.storage.multipart;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.common.io.ChecksumSet;
import io.forebay.common.io.FileSlice;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.object.Completion;
import io.forebay.storage.object.Conditions;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.Part;
import io.forebay.storage.object.ReadOutcome;
import io.forebay.storage.object.Upload;
import io.forebay.storage.object.Waiting;
import io.forebay.storage.object.WriteOptions;
import io.forebay.storage.object.WriteSession;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Appending to an object piece by piece: nothing is seen before the flush, which makes content and pieces
/// one object.
public final class Appends {
    private static final int CHUNK_BYTES = 256 * 1024;
    private static final List<ChecksumType> KEPT = List.of(ChecksumType.CRC32C);

    private final NodeId self;
    private final ObjectStore store;

    public Appends(NodeId self, ObjectStore store) {
        this.self = self;
        this.store = store;
    }

    /// Begins to append to an object, which need not exist.
    public AppendHandle begin(Bucket bucket, ObjectKey key) {
        boolean exists = store.find(bucket, key, Waiting.ALLOWED) instanceof ReadOutcome.Found;
        Upload.Kind kind = exists ? Upload.Kind.EXTEND : Upload.Kind.APPEND;
        Upload.Options options = new Upload.Options(kind, "", Map.of(), Map.of());
        return new AppendHandle(self, store.createUpload(bucket, key, options), 1);
    }

    /// Stores the bytes as the next piece, and returns the handle for the one after it. No bytes are no
    /// piece. Throws NO_SUCH_UPLOAD when the handle is not one of this object, or was flushed.
    public AppendHandle append(Bucket bucket, ObjectKey key, AppendHandle handle, ByteSource bytes) {
        find(bucket, key, handle);
        ByteBuffer chunk = bytes.next();
        if (chunk == null) {
            return handle;
        }
        WriteOptions options = new WriteOptions(bytes.length(), KEPT, List.of(), Map.of(), Map.of());
        try (WriteSession session = store.beginPart(bucket, key, handle.uploadId(), handle.nextPiece(), options)) {
            for (; chunk != null; chunk = bytes.next()) {
                session.write(chunk);
            }
            session.commit(Conditions.NONE);
        }
        return handle.next();
    }

    /// Makes the pieces visible, behind the content that the object had. Throws NO_SUCH_UPLOAD,
    /// CHECKSUM_MISMATCH when all bytes together do not have the expected checksum, PRECONDITION_FAILED when
    /// the object was replaced since the first append, IN_USE when a piece was appended meanwhile.
    public ObjectRecord flush(Bucket bucket, ObjectKey key, AppendHandle handle, @Nullable Checksum expected) {
        Upload upload = find(bucket, key, handle);
        boolean combines = upload.kind() == Upload.Kind.APPEND && expected == null;
        if (combines) {
            return store.completeUpload(
                    bucket,
                    key,
                    handle.uploadId(),
                    Conditions.NONE,
                    (begun, pieces) -> completion(pieces, new WholeChecksums(pieces).full(ChecksumAgreement.NATIVE)));
        }
        List<Part> pieces = store.listParts(bucket, key, upload.id());
        Checksum whole = whole(bucket, key, upload, pieces, expected);
        return store.completeUpload(bucket, key, handle.uploadId(), Conditions.NONE, (begun, found) -> {
            if (!sameBytes(pieces, found)) {
                throw new StoreException(
                        ErrorCode.IN_USE, "append handle \"" + handle + "\" is being appended to while it is flushed");
            }
            return completion(found, List.of(whole));
        });
    }

    private static Completion completion(List<Part> pieces, List<Checksum> whole) {
        return new Completion(pieces, null, whole, null, null);
    }

    private static boolean sameBytes(List<Part> seen, List<Part> found) {
        return seen.stream()
                .map(Appends::identity)
                .toList()
                .equals(found.stream().map(Appends::identity).toList());
    }

    private static String identity(Part piece) {
        return piece.number() + ":" + piece.record().size() + ":"
                + piece.record().etag();
    }

    private Upload find(Bucket bucket, ObjectKey key, AppendHandle handle) {
        // Whoever began it: uploads move with their objects.
        @Nullable Upload upload = store.findUpload(bucket, key, handle.uploadId());
        if (upload == null || upload.kind() == Upload.Kind.MULTIPART) {
            throw new StoreException(ErrorCode.NO_SUCH_UPLOAD, "append handle \"" + handle + "\" does not exist");
        }
        return upload;
    }

    /// Reads content and pieces: checksums of the types that every object keeps do not combine. Returns that
    /// one.
    private Checksum whole(
            Bucket bucket, ObjectKey key, Upload upload, List<Part> pieces, @Nullable Checksum expected) {
        ChecksumType asked = expected == null ? ChecksumType.XXHASH64 : expected.type();
        ChecksumSet sums = ChecksumSet.of(List.of(ChecksumType.XXHASH64, asked));
        if (upload.kind() == Upload.Kind.EXTEND
                && store.read(bucket, key, Waiting.ALLOWED, ReadOutcome.Choice.ALL)
                        instanceof ReadOutcome.Found found) {
            update(sums, found.slices());
        }
        for (Part piece : pieces) {
            update(sums, store.openPart(bucket, key, piece));
        }
        List<Checksum> actual = sums.finish();
        if (expected != null && !actual.contains(expected)) {
            throw new StoreException(
                    ErrorCode.CHECKSUM_MISMATCH,
                    expected.type().wireName() + " of " + key + " is "
                            + actual.getLast().hex() + ", not " + expected.hex());
        }
        return actual.getFirst();
    }

    private static void update(ChecksumSet sums, List<FileSlice> slices) {
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
        try {
            for (FileSlice slice : slices) {
                for (long from = 0; from < slice.length(); from += chunk.limit()) {
                    chunk.clear().limit((int) Math.min(chunk.capacity(), slice.length() - from));
                    slice.read(from, chunk);
                    sums.update(chunk.flip());
                }
            }
        } finally {
            slices.forEach(FileSlice::close);
        }
    }
}
