package io.forebay.storage.peer;

import io.forebay.common.model.BucketName;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.Stamp;
import io.forebay.storage.object.Received;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The messages between storage nodes, as JSON.
final class PeerMessages {
    private PeerMessages() {}

    /// What a node has of a key.
    record Held(String kind, long epoch, long version, long size, long digest) {
        static Held of(Answer answer) {
            return new Held(
                    answer.kind().name().toLowerCase(Locale.ROOT),
                    answer.stamp().epoch(),
                    answer.stamp().version(),
                    answer.size(),
                    answer.digest());
        }

        Answer answer() {
            return new Answer(
                    Answer.Kind.valueOf(kind.toUpperCase(Locale.ROOT)), new Stamp(epoch, version), size, digest);
        }
    }

    /// Bytes that were sent ahead.
    record Staged(String token) {}

    /// What became of a change.
    record Outcome(boolean accepted, long epoch, long version) {
        static Outcome of(Received received) {
            return new Outcome(
                    received.accepted(),
                    received.here().epoch(),
                    received.here().version());
        }

        Received received() {
            return new Received(accepted, new Stamp(epoch, version));
        }
    }

    /// Keys of one bucket, in the order of their names.
    ///
    /// @param next the key after which to go on; null when there is no more
    /// @param looked how many keys were looked at for it
    /// @param held how many objects the node has, of all buckets; 0 when it does not tell
    record Keys(List<Key> keys, @Nullable Name next, long looked, long held) {
        /// Of keys that are told to a node.
        Keys(List<Key> keys) {
            this(keys, null, keys.size(), 0);
        }
    }

    /// A key without its bucket.
    ///
    /// @param id of the version; empty for the object
    record Name(String name, String id) {
        static Name of(ObjectKey key) {
            return new Name(key.name(), key.version());
        }

        ObjectKey key(BucketName bucket) {
            return new ObjectKey(bucket, name, id);
        }
    }

    /// A key and what a node has of it.
    record Key(Name name, boolean removed, long epoch, long version, long size, long digest) {
        static Key of(Survey.Entry entry) {
            Stamp stamp = entry.stamp();
            return new Key(
                    Name.of(entry.key()),
                    entry.removed(),
                    stamp.epoch(),
                    stamp.version(),
                    entry.size(),
                    entry.digest());
        }

        Survey.Entry entry(BucketName bucket) {
            return new Survey.Entry(name.key(bucket), removed, stamp(), size, digest);
        }

        Stamp stamp() {
            return new Stamp(epoch, version);
        }
    }

    /// An upload.
    ///
    /// @param record as the index has it, in base 64
    record UploadInProgress(String record, List<PartOfUpload> parts) {}

    record PartOfUpload(int number, long size) {}

    /// Some of the keys that were sent.
    record Names(List<Name> names) {}

    /// Uploads of one bucket, in the order of names and ids.
    ///
    /// @param nextName the name of the upload after which to go on; empty when there is no more
    /// @param nextId its id
    record Uploads(List<UploadName> uploads, String nextName, String nextId) {}

    record UploadName(String name, String id) {}
}
