package io.forebay.storage.multipart;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.common.io.Checksummer;
import io.forebay.common.io.Checksummers;
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

/// Appending to an object piece by piece: nothing is seen before the flush, which makes content and pieces one object.
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
        boolean exists = store.find(bucket, key.name(), Waiting.ALLOWED) instanceof ReadOutcome.Found;
        Upload.Kind kind = exists ? Upload.Kind.EXTEND : Upload.Kind.APPEND;
        Upload.Options options = new Upload.Options(kind, "", Map.of(), Map.of());
        return new AppendHandle(self, store.createUpload(bucket, key, options), 1);
    }

    /// Stores the bytes as the next piece, and returns the handle for the one after it. No bytes are no piece. Throws
    /// NO_SUCH_UPLOAD when the handle is not one of this object, or was flushed.
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

    /// Makes the pieces visible, behind the content that the object had. Throws NO_SUCH_UPLOAD, CHECKSUM_MISMATCH
    /// when all bytes together do not have the expected checksum, PRECONDITION_FAILED when the object was replaced
    /// since the first append.
    public ObjectRecord flush(Bucket bucket, ObjectKey key, AppendHandle handle, @Nullable Checksum expected) {
        Upload upload = find(bucket, key, handle);
        if (expected != null) {
            verify(bucket, key, upload, expected);
        }
        return store.completeUpload(bucket, key, handle.uploadId(), Conditions.NONE, Appends::decide);
    }

    private static Completion decide(Upload upload, List<Part> parts) {

        List<Checksum> whole = upload.kind() == Upload.Kind.EXTEND
                ? List.of()
                : new WholeChecksums(parts).full(ChecksumAgreement.NATIVE);
        return new Completion(parts, null, whole, null, null);
    }

    private Upload find(Bucket bucket, ObjectKey key, AppendHandle handle) {
        @Nullable Upload upload = handle.node().equals(self) ? store.findUpload(bucket, key, handle.uploadId()) : null;
        if (upload == null || upload.kind() == Upload.Kind.MULTIPART) {
            throw new StoreException(ErrorCode.NO_SUCH_UPLOAD, "append handle \"" + handle + "\" does not exist");
        }
        return upload;
    }

    private void verify(Bucket bucket, ObjectKey key, Upload upload, Checksum expected) {
        Checksummer checksummer = Checksummers.of(expected.type());
        if (upload.kind() == Upload.Kind.EXTEND
                && store.read(bucket, key.name(), Waiting.ALLOWED, ReadOutcome.Choice.ALL)
                        instanceof ReadOutcome.Found found) {
            update(checksummer, found.slices());
        }
        for (Part part : store.listParts(bucket, key, upload.id())) {
            update(checksummer, store.openPart(bucket, key, part));
        }
        Checksum actual = checksummer.finish();
        if (!actual.equals(expected)) {
            throw new StoreException(
                    ErrorCode.CHECKSUM_MISMATCH,
                    expected.type().wireName() + " of " + key + " is " + actual.hex() + ", not " + expected.hex());
        }
    }

    private static void update(Checksummer checksummer, List<FileSlice> slices) {
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
        try {
            for (FileSlice slice : slices) {
                for (long from = 0; from < slice.length(); from += chunk.limit()) {
                    chunk.clear().limit((int) Math.min(chunk.capacity(), slice.length() - from));
                    slice.read(from, chunk);
                    checksummer.update(chunk.flip());
                }
            }
        } finally {
            slices.forEach(FileSlice::close);
        }
    }
}
