package io.forebay.storage.multipart;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.common.io.ChecksumSet;
import io.forebay.common.io.Crc;
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
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Appending to an object: piece by piece, of which nothing is seen before the flush makes content and pieces one
/// object, or at once.
public final class Appends {
    private static final Logger LOG = System.getLogger(Appends.class.getName());
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
            write(chunk, bytes, session);
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

    /// What is appended at once, and to what.
    ///
    /// @param offset the size in bytes that the object must have
    /// @param expected checksums that the appended bytes must have
    public record Extension(long offset, Conditions conditions, WriteOptions options, List<Checksum> expected) {
        public Extension {
            expected = List.copyOf(expected);
        }
    }

    /// Appends the bytes to an object, whose attributes stay. A checksum that combines is carried on; without
    /// one the content is read once, for a CRC64NVME. Throws NO_SUCH_OBJECT, RANGE_NOT_SATISFIABLE when the
    /// object has another size, PRECONDITION_FAILED, also when it was replaced meanwhile, CHECKSUM_MISMATCH, and
    /// TOO_LARGE when it has as many pieces as it may; the object is as it was then.
    public ObjectRecord extend(Bucket bucket, ObjectKey key, Extension extension, ByteSource bytes) {
        base(bucket, key, extension);
        Upload.Options options = new Upload.Options(Upload.Kind.EXTEND, Upload.OF_ONE_REQUEST, Map.of(), Map.of());
        String id = store.createUpload(bucket, key, options);
        boolean ended = false;
        try {
            ObjectRecord extended = extend(bucket, key, extension, bytes, id);
            ended = true;
            return extended;
        } finally {
            if (!ended) {
                drop(bucket, key, id);
            }
        }
    }

    private ObjectRecord extend(Bucket bucket, ObjectKey key, Extension extension, ByteSource bytes, String uploadId) {
        // The completion holds the object to what it was when the upload began, which was before this look at it.
        ObjectRecord base = base(bucket, key, extension);
        Checksum carried = carried(base);
        ChecksumType type = carried == null ? ChecksumType.CRC64NVME : carried.type();
        writePiece(bucket, key, uploadId, keeping(extension.options(), type), extension.expected(), bytes);
        List<Part> pieces = store.listParts(bucket, key, uploadId);
        Checksum whole = carried == null
                ? sums(bucket, key, content(bucket, key), pieces, List.of(type)).getFirst()
                : Crc.combine(
                        carried,
                        checksum(pieces.getFirst(), type),
                        pieces.getFirst().record().size());
        return store.completeUpload(
                bucket, key, uploadId, extension.conditions(), (begun, found) -> completion(found, List.of(whole)));
    }

    private ObjectRecord base(Bucket bucket, ObjectKey key, Extension extension) {
        if (!(store.find(bucket, key, Waiting.ALLOWED) instanceof ReadOutcome.Found found)) {
            throw new StoreException(ErrorCode.NO_SUCH_OBJECT, key + " does not exist");
        }
        extension.conditions().check(key, found.record());
        if (found.record().size() != extension.offset()) {
            throw new StoreException(
                    ErrorCode.RANGE_NOT_SATISFIABLE,
                    key + " has " + found.record().size() + " bytes, not " + extension.offset());
        }
        return found.record();
    }

    private static @Nullable Checksum carried(ObjectRecord base) {
        return base.checksums().stream()
                .filter(checksum -> Crc.combines(checksum.type()))
                .findFirst()
                .orElse(null);
    }

    private static Checksum checksum(Part piece, ChecksumType type) {
        return Objects.requireNonNull(piece.record().checksum(type), "every piece keeps it");
    }

    private static WriteOptions keeping(WriteOptions options, ChecksumType type) {
        List<ChecksumType> keep = new ArrayList<>(options.keep());
        if (!keep.contains(type)) {
            keep.add(type);
        }
        return new WriteOptions(options.length(), keep, options.verify(), Map.of(), Map.of());
    }

    private void writePiece(
            Bucket bucket,
            ObjectKey key,
            String uploadId,
            WriteOptions options,
            List<Checksum> expected,
            ByteSource bytes) {
        try (WriteSession session = store.beginPart(bucket, key, uploadId, 1, options)) {
            expected.forEach(session::expect);
            write(bytes.next(), bytes, session);
            session.commit(Conditions.NONE);
        }
    }

    private static void write(@Nullable ByteBuffer first, ByteSource rest, WriteSession session) {
        for (ByteBuffer chunk = first; chunk != null; chunk = rest.next()) {
            session.write(chunk);
        }
    }

    private void drop(Bucket bucket, ObjectKey key, String uploadId) {
        try {
            store.abortUpload(bucket, key, uploadId);
        } catch (StoreException e) {
            LOG.log(Level.WARNING, "what was to be appended to " + key + " stays: " + e.text());
        }
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
        List<FileSlice> content = upload.kind() == Upload.Kind.EXTEND ? content(bucket, key) : List.of();
        List<Checksum> actual = sums(bucket, key, content, pieces, List.of(ChecksumType.XXHASH64, asked));
        if (expected != null && !actual.contains(expected)) {
            throw new StoreException(
                    ErrorCode.CHECKSUM_MISMATCH,
                    expected.type().wireName() + " of " + key + " is "
                            + actual.getLast().hex() + ", not " + expected.hex());
        }
        return actual.getFirst();
    }

    private List<FileSlice> content(Bucket bucket, ObjectKey key) {
        return store.read(bucket, key, Waiting.ALLOWED, ReadOutcome.Choice.ALL) instanceof ReadOutcome.Found found
                ? found.slices()
                : List.of();
    }

    /// Checksums of a content, which is closed, and the pieces behind it.
    private List<Checksum> sums(
            Bucket bucket, ObjectKey key, List<FileSlice> content, List<Part> pieces, List<ChecksumType> types) {
        ChecksumSet sums = ChecksumSet.of(types);
        update(sums, content);
        for (Part piece : pieces) {
            update(sums, store.openPart(bucket, key, piece));
        }
        return sums.finish();
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
