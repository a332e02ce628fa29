package io.forebay.storage.object;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.io.FileSlice;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.Scan;
import io.forebay.storage.volume.VolumeOwner;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The objects of one storage node, on one or more volumes: each object whole on the volume that its key hashes to.
///
/// Any thread may call anything. A bucket is what the caller's cluster state has: its id says where its objects
/// are, its properties how durable a write is. Existence, seals and ownership are the caller's to check, apart from
/// `refuseWrites`.
@SuppressWarnings("DoNotCallSuggester") // Signatures first: the bodies follow.
public final class ObjectStore implements AutoCloseable {

    /// Opens the volumes in these folders, making those that are new, and brings their indexes up to date. Throws
    /// IN_USE when another process has one open, INVALID_ARGUMENT when one belongs to another owner or has another
    /// format, CORRUPT or VOLUME_FAILED when it cannot be read; nothing stays open then.
    public static ObjectStore open(
            StoreConfig config, List<Path> folders, VolumeOwner owner, InstantSource clock, Metrics metrics) {
        throw pending();
    }

    /// Finds an object and opens the bytes that the choice wants of it. No lock is held while they are read; they
    /// stay readable after the object was overwritten or removed. With `Waiting.FORBIDDEN` answers from memory or
    /// not at all; the slices' own bytes may still be on disk (`FileSlice.readNow`).
    public ReadOutcome read(Bucket bucket, String name, Waiting waiting, ReadOutcome.Choice choice) {
        throw pending();
    }

    /// The record of an object: `read` without bytes.
    public ReadOutcome find(Bucket bucket, String name, Waiting waiting) {
        return read(bucket, name, waiting, ReadOutcome.Choice.RECORD_ONLY);
    }

    /// Begins to write an object. May block for admission. Throws BUSY or NO_SPACE.
    public WriteSession begin(Bucket bucket, ObjectKey key, WriteOptions options) {
        throw pending();
    }

    /// Removes an object. False when there was none and the conditions allow that.
    public boolean remove(Bucket bucket, ObjectKey key, Conditions conditions) {
        throw pending();
    }

    /// Replaces the user metadata, or merges into it. Throws NO_SUCH_OBJECT. Content, version and modification time
    /// stay.
    public ObjectRecord updateCustom(Bucket bucket, ObjectKey key, Map<String, String> custom, MapChange change) {
        throw pending();
    }

    /// Replaces the HTTP attributes, or merges into them. Throws NO_SUCH_OBJECT.
    public ObjectRecord updateSystem(Bucket bucket, ObjectKey key, Map<String, String> system, MapChange change) {
        throw pending();
    }

    /// A cursor over the objects of a bucket, standing before the first.
    public Scan scan(long bucketId) {
        throw pending();
    }

    /// Begins an upload and returns its id. `Kind.EXTEND` throws NO_SUCH_OBJECT when there is nothing to extend.
    public String createUpload(Bucket bucket, ObjectKey key, Upload.Options options) {
        throw pending();
    }

    /// The upload of that id, or null.
    public @Nullable Upload findUpload(Bucket bucket, ObjectKey key, String uploadId) {
        throw pending();
    }

    /// Begins to write a part; committing replaces the part of that number. Throws NO_SUCH_UPLOAD. The conditions
    /// of its commit must be `NONE`.
    public WriteSession beginPart(Bucket bucket, ObjectKey key, String uploadId, int number, WriteOptions options) {
        throw pending();
    }

    /// The parts of an upload by number. Throws NO_SUCH_UPLOAD.
    public List<Part> listParts(Bucket bucket, ObjectKey key, String uploadId) {
        throw pending();
    }

    /// All bytes of a part, such as to compute a checksum over several. The receiver closes the slices.
    public List<FileSlice> openPart(Bucket bucket, ObjectKey key, Part part) {
        throw pending();
    }

    /// Makes the parts that the decision takes one object: one commit, no byte copied. Throws NO_SUCH_UPLOAD,
    /// what the conditions and the decision throw, and for `Kind.EXTEND` PRECONDITION_FAILED when the object that
    /// was to be extended has changed.
    public ObjectRecord completeUpload(
            Bucket bucket, ObjectKey key, String uploadId, Conditions conditions, Completion.Decision decision) {
        throw pending();
    }

    /// Drops an upload and its parts. Throws NO_SUCH_UPLOAD.
    public void abortUpload(Bucket bucket, ObjectKey key, String uploadId) {
        throw pending();
    }

    /// Up to `limit` uploads of a bucket by name, then id: those after that name and id (both empty for the
    /// beginning; an empty id passes over every upload of the name).
    public List<Upload> listUploads(long bucketId, String afterName, String afterId, int limit) {
        throw pending();
    }

    /// Refuses commits to a bucket from now on with NO_SUCH_BUCKET, and returns when those in flight have ended:
    /// what a sealed bucket needs before it is found empty. Kept in memory only.
    public void refuseWrites(long bucketId) {
        throw pending();
    }

    /// Undoes `refuseWrites`.
    public void allowWrites(long bucketId) {
        throw pending();
    }

    /// The ids of all buckets that have objects or uploads here, ascending.
    public List<Long> bucketIds() {
        throw pending();
    }

    /// Removes everything of a bucket and gives its space back; takes as long as that takes. Writes are refused
    /// from the first moment. Repeated after a crash, it goes on where it was.
    public void dropBucket(long bucketId) {
        throw pending();
    }

    /// Space over all volumes.
    public Space space() {
        throw pending();
    }

    @Override
    public void close() {
        throw pending();
    }

    private static UnsupportedOperationException pending() {
        return new UnsupportedOperationException("not there yet");
    }
}
