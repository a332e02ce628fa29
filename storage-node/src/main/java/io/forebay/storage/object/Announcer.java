package io.forebay.storage.object;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.model.ObjectKey;
import java.util.List;

/// Says who is to be told of a change of an object. What it says is kept in the same commit as the change.
///
/// Changes that come from other nodes are not announced: who made them did that.
public interface Announcer {
    /// Nobody is told of anything.
    Announcer SILENT = new Announcer() {
        @Override
        public void admit(Bucket bucket) {
            // Everything is.
        }

        @Override
        public boolean listens(Bucket bucket) {
            return false;
        }

        @Override
        public List<Notice> of(Bucket bucket, ObjectKey key, Change change) {
            return List.of();
        }

        @Override
        public void kept(List<Notice> notices) {
            // There are none.
        }
    };

    /// Throws BUSY when nothing of the bucket may change because too much waits to be told.
    void admit(Bucket bucket);

    /// Whether changes of a bucket may have to be told; else `of` is not asked.
    boolean listens(Bucket bucket);

    /// What is to be told of a change. Called under the key's lock: short, without I/O, and it does not throw.
    ///
    /// @param key names the version that was written or removed, if the bucket has versions
    List<Notice> of(Bucket bucket, ObjectKey key, Change change);

    /// The change has been made, and what is to be told of it is in the outbox.
    void kept(List<Notice> notices);
}
