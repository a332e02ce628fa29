package io.forebay.storage.archive;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.common.io.Crc;
import io.forebay.common.model.ByteRange;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.object.Completion;
import io.forebay.storage.object.Conditions;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.Part;
import io.forebay.storage.object.ReadOutcome;
import io.forebay.storage.object.Sidecar;
import io.forebay.storage.object.Upload;
import io.forebay.storage.object.Waiting;
import io.forebay.storage.object.WriteOptions;
import io.forebay.storage.object.WriteSession;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Extends an archive where it is: the object becomes its first bytes, which stay, and what is written behind
/// them. So a member costs its own size, whatever the archive's is.
final class InPlaceAppend {
    private static final Logger LOG = System.getLogger(InPlaceAppend.class.getName());

    private final ObjectStore store;
    private final Bucket bucket;
    private final ObjectKey key;

    InPlaceAppend(ObjectStore store, Bucket bucket, ObjectKey key) {
        this.store = store;
        this.bucket = bucket;
        this.key = key;
    }

    /// Throws PRECONDITION_FAILED or NO_SUCH_OBJECT when the archive is not what it was, TOO_LARGE when it
    /// has as many pieces as an object may have; it is as it was then.
    ObjectRecord append(ObjectRecord before, OpenArchive archive, NewMember member) {
        Checksum front = archive.ofKept(before);
        Upload.Options options =
                new Upload.Options(Upload.Kind.EXTEND, Upload.OF_ONE_REQUEST, Map.of(), Map.of(), null);
        ObjectRecord after = store.inUpload(bucket, key, options, id -> {
            write(id, archive, member, front);
            return store.completeUpload(
                    bucket,
                    key,
                    id,
                    Conditions.matching(List.of(before.etag())),
                    (begun, parts) -> completion(parts, front, archive.keptBytes()));
        });
        keepIndex(after, archive, member);
        return after;
    }

    private void write(String id, OpenArchive archive, NewMember member, Checksum front) {
        WriteOptions options = new WriteOptions(-1, List.of(front.type()), List.of(), Map.of(), Map.of());
        try (WriteSession session = store.beginPart(bucket, key, id, 1, options)) {
            archive.extend(member, session::write);
            session.commit(Conditions.NONE);
        }
    }

    private static Completion completion(List<Part> parts, Checksum front, long kept) {
        ObjectRecord tail = parts.getFirst().record();
        Checksum ofTail = Objects.requireNonNull(tail.checksum(front.type()), "the part keeps it");
        List<Checksum> whole = List.of(Crc.combine(front, ofTail, tail.size()));
        return new Completion(parts, null, whole, null, null, null, kept);
    }

    /// The member is there, whatever becomes of this: without an index the next reader makes one.
    private void keepIndex(ObjectRecord after, OpenArchive archive, NewMember member) {
        try (ByteSource index = archive.extendedIndex(member)) {
            if (index != null) {
                store.read(bucket, key, Waiting.ALLOWED, new Keeping(after, index));
            }
        } catch (StoreException e) {
            LOG.log(Level.WARNING, "the index of " + key + " is not kept: " + e.text());
        }
    }

    /// Puts an index beside a record, and reads nothing.
    private record Keeping(ObjectRecord after, ByteSource index) implements ReadOutcome.Choice {
        @Override
        public boolean looksBeside() {
            return true;
        }

        @Override
        public @Nullable ByteRange of(ObjectRecord record) {
            return null;
        }

        @Override
        public @Nullable ByteRange of(ObjectRecord record, Sidecar sidecar) {
            if (record.etag().equals(after.etag()) && sidecar.isPossible()) {
                sidecar.put(index);
            }
            return null;
        }
    }
}
