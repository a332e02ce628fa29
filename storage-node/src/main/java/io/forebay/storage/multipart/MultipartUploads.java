package io.forebay.storage.multipart;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.Crc;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.crypto.Sealing;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.Seal;
import io.forebay.storage.object.Completion;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.Part;
import io.forebay.storage.object.Upload;
import io.forebay.storage.object.WriteOptions;
import io.forebay.storage.object.WriteSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Multipart uploads of both protocols.
public final class MultipartUploads {
    private static final int LIST_STEP = 1000;

    private final ObjectStore store;

    public MultipartUploads(ObjectStore store) {
        this.store = store;
    }

    /// Begins an upload and returns its id.
    ///
    /// @param seal the key that its parts are to have; null when they are not to be encrypted
    public String create(
            Bucket bucket,
            ObjectKey key,
            @Nullable ChecksumAgreement agreement,
            Map<String, String> system,
            Map<String, String> custom,
            @Nullable Seal seal) {
        String note = agreement == null ? "" : agreement.toString();
        return store.createUpload(bucket, key, new Upload.Options(Upload.Kind.MULTIPART, note, system, custom, seal));
    }

    /// The upload of that id. Throws NO_SUCH_UPLOAD.
    public Upload find(Bucket bucket, ObjectKey key, String id) {
        @Nullable Upload upload = store.findUpload(bucket, key, id);
        if (upload == null || upload.kind() != Upload.Kind.MULTIPART) {
            throw new StoreException(ErrorCode.NO_SUCH_UPLOAD, "upload \"" + id + "\" does not exist");
        }
        return upload;
    }

    /// The checksum that was agreed for an upload, or null.
    public static @Nullable ChecksumAgreement agreement(Upload upload) {
        return ChecksumAgreement.parse(upload.note());
    }

    /// Begins to write a part, which keeps the upload's agreed checksum besides those of the options. Throws
    /// NO_SUCH_UPLOAD.
    public WriteSession beginPart(Bucket bucket, ObjectKey key, String id, int number, WriteOptions options) {
        @Nullable ChecksumAgreement agreement = agreement(find(bucket, key, id));
        List<ChecksumType> keep = new ArrayList<>(options.keep());
        if (agreement != null && !keep.contains(agreement.algorithm())) {
            keep.add(agreement.algorithm());
        }
        return store.beginPart(
                bucket,
                key,
                id,
                number,
                new WriteOptions(
                        options.length(),
                        keep,
                        options.verify(),
                        options.system(),
                        options.custom(),
                        options.sealer()));
    }

    /// The parts of an upload by number. Throws NO_SUCH_UPLOAD.
    public List<Part> parts(Bucket bucket, ObjectKey key, String id) {
        return store.listParts(bucket, key, id);
    }

    /// Makes the named parts one object. Throws NO_SUCH_UPLOAD, INVALID_PART, INVALID_PART_ORDER, PART_TOO_SMALL,
    /// CHECKSUM_MISMATCH and PRECONDITION_FAILED; the upload then stays open. The record is the stored one.
    ///
    /// @param sealing the upload's key; null when it has none
    public ObjectRecord complete(
            Bucket bucket, ObjectKey key, String id, CompletionRequest request, @Nullable Sealing sealing) {
        find(bucket, key, id);
        SealedParts sealed = sealing == null ? null : new SealedParts(sealing);
        Completion.Decision decision = sealed == null
                ? (upload, parts) -> decide(request, upload, parts)
                : (upload, parts) -> sealed.sealed(decide(request, upload, sealed.opened(parts)));
        return store.completeUpload(bucket, key, id, request.conditions(), decision);
    }

    /// Drops an upload and its parts. Throws NO_SUCH_UPLOAD.
    public void abort(Bucket bucket, ObjectKey key, String id) {
        find(bucket, key, id);
        store.abortUpload(bucket, key, id);
    }

    /// Every multipart upload of a bucket in progress, by name, then id.
    public List<Upload> list(Bucket bucket) {
        List<Upload> all = new ArrayList<>();
        List<Upload> step = store.listUploads(bucket.id(), "", "", LIST_STEP);
        while (!step.isEmpty()) {
            for (Upload upload : step) {
                if (upload.kind() == Upload.Kind.MULTIPART) {
                    all.add(upload);
                }
            }
            Upload last = step.getLast();
            step = step.size() < LIST_STEP
                    ? List.of()
                    : store.listUploads(bucket.id(), last.name(), last.id(), LIST_STEP);
        }
        return all;
    }

    private static Completion decide(CompletionRequest request, Upload upload, List<Part> uploaded) {
        @Nullable ChecksumAgreement agreement = agreement(upload);
        List<Part> parts = new PartChoice(request, uploaded).choose();
        WholeChecksums whole = new WholeChecksums(parts);
        List<Checksum> full = whole.full(agreement);
        @Nullable String composite = whole.composite(agreement);
        checkExpected(request.expectedChecksum(), full, whole);
        checkExpected(request.expectedComposite(), composite);
        return new Completion(parts, whole.etag(), full, composite, agreement == null ? null : agreement.algorithm());
    }

    private static void checkExpected(@Nullable Checksum expected, List<Checksum> full, WholeChecksums whole) {
        if (expected == null || full.contains(expected)) {
            return;
        }
        boolean known = Crc.combines(expected.type()) && expected.equals(whole.combined(expected.type()));
        if (!known) {
            throw new StoreException(
                    ErrorCode.CHECKSUM_MISMATCH,
                    expected.type().wireName() + " checksum of the whole object is not " + expected.hex());
        }
    }

    private static void checkExpected(@Nullable String expected, @Nullable String composite) {
        if (expected != null && !expected.equals(composite)) {
            throw new StoreException(
                    ErrorCode.CHECKSUM_MISMATCH, expected + " is not the composite checksum of the upload's parts");
        }
    }
}
