package io.forebay.storage.object;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.metadata.Stamp;
import org.jspecify.annotations.Nullable;

/// The redundancy of a node that has all copies itself.
final class Alone implements Redundancy {
    private static final Turn TURN = new FreeTurn();

    @Override
    public Staged stage(Bucket bucket, ObjectKey key, Content content) {
        return Staged.NOTHING;
    }

    @Override
    public Turn begin(Bucket bucket, ObjectKey key) {
        return TURN;
    }

    private static final class FreeTurn implements Turn {
        @Override
        public long epoch() {
            return 0;
        }

        @Override
        public boolean isShared() {
            return false;
        }

        @Override
        public Stamp floor() {
            return Stamp.NONE;
        }

        @Override
        public boolean leavesTombstone() {
            return false;
        }

        @Override
        public @Nullable Stamp replicate(RecordDraft description, Content content, Staged staged, @Nullable Base base) {
            return null;
        }

        @Override
        public @Nullable Stamp replicateRemoval(Stamp stamp) {
            return null;
        }

        @Override
        public boolean mayBeTaken() {
            return false;
        }

        @Override
        public Turn of(ObjectKey version) {
            return this;
        }

        @Override
        public void close() {}
    }
}
