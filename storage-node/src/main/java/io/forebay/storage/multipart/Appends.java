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
import io.forebay.storage.crypto.Sealer;
import io.forebay.storage.crypto.Sealing;
import io.forebay.storage.crypto.Seals;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.Seal;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Appending to an object: piece by piece, of which nothing is seen before the flush makes content and pieces one
/// object, or at once.
public final class Appends {
    private static final int CHUNK_BYTES = 256 * 1024;
    private static final List<ChecksumType> KEPT = List.of(ChecksumType.CRC32C);

    private final NodeId self;
    private final ObjectStore store;
    private final Seals seals;

    public Appends(NodeId self, ObjectStore store, Seals seals) {
        this.self = self;
        this.store = store;
        this.seals = seals;
    }

    /// Begins to append to an object, which need not exist. What is appended to an object is encrypted by the
    /// object's key, if it has one. Throws KEY_REFUSED when that is a customer's.
    ///
    /// @param ofNew the key of an object that does not exist; null when it is not to be encrypted
    public AppendHandle begin(Bucket bucket, ObjectKey key, Supplier<@Nullable Sealing> ofNew) {
        ObjectRecord extended =
                store.find(bucket, key, Waiting.ALLOWED) instanceof ReadOutcome.Found found ? found.record() : null;
        Upload.Kind kind = extended == null ? Upload.Kind.APPEND : Upload.Kind.EXTEND;
        Sealing sealing = extended == null ? ofNew.get() : sealing(bucket, key, extended.seal());
        Seal seal = sealing == null ? null : sealing.ofUpload();
        Upload.Options options = new Upload.Options(kind, "", Map.of(), Map.of(), seal);
        return new AppendHandle(self, store.createUpload(bucket, key, options), 1);
    }

    private @Nullable Sealing sealing(Bucket bucket, ObjectKey key, @Nullable Seal seal) {
        return seal == null ? null : seals.resume(seal, null, bucket, key);
    }

    /// Stores the bytes as the next piece, and returns the handle for the one after it. No bytes are no
    /// piece. Throws NO_SUCH_UPLOAD when the handle is not one of this object, or was flushed.
    public AppendHandle append(Bucket bucket, ObjectKey key, AppendHandle handle, ByteSource bytes) {
        Sealing sealing = sealing(bucket, key, find(bucket, key, handle).seal());
        ByteBuffer chunk = bytes.next();
        if (chunk == null) {
            return handle;
        }
        Sealer sealer = sealing == null ? null : sealing.sealer();
        WriteOptions options = new WriteOptions(bytes.length(), KEPT, List.of(), Map.of(), Map.of(), sealer);
        try (WriteSession session = store.beginPart(bucket, key, handle.uploadId(), handle.nextPiece(), options)) {
            write(chunk, bytes, session);
            session.commit(Conditions.NONE);
        }
        return handle.next();
    }

    /// Makes the pieces visible, behind the content that the object had. Throws NO_SUCH_UPLOAD, CHECKSUM_MISMATCH
    /// when all bytes together do not have the expected checksum, PRECONDITION_FAILED when the object was replaced
    /// since the first append, IN_USE when a piece was appended meanwhile. The record is as its readers see it.
    public ObjectRecord flush(Bucket bucket, ObjectKey key, AppendHandle handle, @Nullable Checksum expected) {
        Upload upload = find(bucket, key, handle);
        Sealing sealing = sealing(bucket, key, upload.seal());
        if (sealing != null) {
            return flush(bucket, key, handle, new SealedAppend(store, sealing, bucket, key), expected);
        }
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
            requireSame(handle, pieces, found);
            return completion(found, List.of(whole));
        });
    }

    /// What is appended at once, and to what.
    ///
    /// @param offset the size in bytes that the object must have
    /// @param expected checksums that the appended bytes must have
    /// @param keyOf the key of the object that is extended; null for one that is not encrypted
    public record Extension(
            long offset,
            Conditions conditions,
            WriteOptions options,
            List<Checksum> expected,
            Function<ObjectRecord, @Nullable Sealing> keyOf) {
        public Extension {
            expected = List.copyOf(expected);
        }
    }

    /// Appends the bytes to an object, whose attributes stay. A checksum that combines is carried on; without
    /// one the content is read once, for a CRC64NVME. Throws NO_SUCH_OBJECT, RANGE_NOT_SATISFIABLE when the
    /// object has another size, PRECONDITION_FAILED, also when it was replaced meanwhile, CHECKSUM_MISMATCH, and
    /// TOO_LARGE when it has as many pieces as it may; the object is as it was then. Returns the record as its
    /// readers see it.
    public ObjectRecord extend(Bucket bucket, ObjectKey key, Extension extension, ByteSource bytes) {
        Sealing sealing = extension.keyOf().apply(base(bucket, key, extension));
        Seal seal = sealing == null ? null : sealing.ofUpload();
        Upload.Options options =
                new Upload.Options(Upload.Kind.EXTEND, Upload.OF_ONE_REQUEST, Map.of(), Map.of(), seal);
        return store.inUpload(
                bucket,
                key,
                options,
                id -> sealing == null
                        ? extend(bucket, key, extension, bytes, id)
                        : extend(bucket, key, extension, bytes, id, sealing));
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

    private ObjectRecord extend(
            Bucket bucket, ObjectKey key, Extension extension, ByteSource bytes, String uploadId, Sealing sealing) {
        SealedAppend append = new SealedAppend(store, sealing, bucket, key);
        ObjectRecord base = base(bucket, key, extension);
        WriteOptions given = extension.options();
        WriteOptions options =
                new WriteOptions(given.length(), given.keep(), given.verify(), Map.of(), Map.of(), sealing.sealer());
        writePiece(bucket, key, uploadId, options, extension.expected(), bytes);
        SealedAppend.Whole whole = append.extend(base, store.listParts(bucket, key, uploadId));
        return append.opened(store.completeUpload(
                bucket, key, uploadId, extension.conditions(), (begun, found) -> whole.completion(found)));
    }

    private ObjectRecord base(Bucket bucket, ObjectKey key, Extension extension) {
        if (!(store.find(bucket, key, Waiting.ALLOWED) instanceof ReadOutcome.Found found)) {
            throw new StoreException(ErrorCode.NO_SUCH_OBJECT, key + " does not exist");
        }
        extension.conditions().check(key, found.record());
        long size = found.record().contentSize();
        if (size != extension.offset()) {
            throw new StoreException(
                    ErrorCode.RANGE_NOT_SATISFIABLE, key + " has " + size + " bytes, not " + extension.offset());
        }
        return found.record();
    }

    /// A checksum of a front that those of what comes behind it can be combined with.
    static @Nullable Checksum carried(ObjectRecord base) {
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

    private ObjectRecord flush(
            Bucket bucket, ObjectKey key, AppendHandle handle, SealedAppend append, @Nullable Checksum expected) {
        List<Part> pieces = store.listParts(bucket, key, handle.uploadId());
        SealedAppend.Whole whole = append.read(find(bucket, key, handle).kind(), pieces, expected);
        ObjectRecord record = store.completeUpload(bucket, key, handle.uploadId(), Conditions.NONE, (begun, found) -> {
            requireSame(handle, pieces, found);
            return whole.completion(found);
        });
        return append.opened(record);
    }

    private static void requireSame(AppendHandle handle, List<Part> seen, List<Part> found) {
        if (!sameBytes(seen, found)) {
            throw new StoreException(
                    ErrorCode.IN_USE, "append handle \"" + handle + "\" is being appended to while it is flushed");
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
        require(key, expected, actual);
        return actual.getFirst();
    }

    /// Throws CHECKSUM_MISMATCH when the checksums, of which the last is of that type, are not what was expected.
    static void require(ObjectKey key, @Nullable Checksum expected, List<Checksum> actual) {
        if (expected != null && !actual.contains(expected)) {
            throw new StoreException(
                    ErrorCode.CHECKSUM_MISMATCH,
                    expected.type().wireName() + " of " + key + " is "
                            + actual.getLast().hex() + ", not " + expected.hex());
        }
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
