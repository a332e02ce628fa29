package io.forebay.storage.object;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.metadata.Stamp;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Redundancy among stores in one process, without a network: copies in the other stores, which may be out
/// of reach.
final class Holders implements Redundancy {
    volatile long epoch = 3;
    volatile boolean leavesTombstone;
    volatile boolean isOwner = true;
    volatile boolean isReachable = true;
    /// Whether the other stores are holders at all.
    volatile boolean isAsked = true;
    /// What happens after the bytes were staged.
    volatile Runnable whenStaged = () -> {};
    /// What happens after the other holders have committed a change.
    volatile Runnable whenCommitted = () -> {};

    private final Supplier<List<ObjectStore>> others;

    Holders(Supplier<List<ObjectStore>> others) {
        this.others = others;
    }

    private List<ObjectStore> stores() {
        return isAsked ? others.get() : List.of();
    }

    /// Bytes at the other holders.
    private record Sent(List<ReceiveSession> sessions) implements Staged {
        @Override
        public void close() {
            sessions.forEach(ReceiveSession::close);
        }
    }

    @Override
    public Staged stage(Bucket bucket, ObjectKey key, Content content) {
        Sent sent = send(bucket, key, content);
        whenStaged.run();
        return sent;
    }

    private Sent send(Bucket bucket, ObjectKey key, Content content) {
        List<ReceiveSession> sessions = new ArrayList<>();
        for (ObjectStore other : stores()) {
            ReceiveSession session = other.holdings().receive(bucket, key, content.size());
            sessions.add(session);
            try (ByteSource source = content.open()) {
                for (ByteBuffer bytes = source.next(); bytes != null; bytes = source.next()) {
                    session.write(bytes);
                }
            }
        }
        return new Sent(sessions);
    }

    @Override
    public Turn begin(Bucket bucket, ObjectKey key) {
        if (!isOwner) {
            throw new StoreException(ErrorCode.NOT_OWNER, "this node does not own " + key);
        }
        return new SharedTurn(bucket, key);
    }

    private final class SharedTurn implements Turn {
        private final Bucket bucket;
        private final ObjectKey key;

        private SharedTurn(Bucket bucket, ObjectKey key) {
            this.bucket = bucket;
            this.key = key;
        }

        @Override
        public long epoch() {
            return epoch;
        }

        @Override
        public boolean isShared() {
            return !stores().isEmpty();
        }

        @Override
        public Stamp floor() {
            return Stamp.NONE;
        }

        @Override
        public boolean mayBeTaken() {
            return isShared();
        }

        @Override
        public boolean leavesTombstone() {
            return leavesTombstone;
        }

        @Override
        public @Nullable Stamp replicate(RecordDraft description, Content content, Staged staged, @Nullable Base base) {
            reach();
            if (base != null) {
                return replicateAttributes(description, content, base);
            }
            if (!(staged instanceof Sent sent)) {
                try (Sent whole = send(bucket, key, content)) {
                    return commit(whole, description);
                }
            }
            Stamp newest = commit(sent, description);
            whenCommitted.run();
            return newest;
        }

        private @Nullable Stamp commit(Sent sent, RecordDraft description) {
            Stamp newest = null;
            for (ReceiveSession session : sent.sessions) {
                newest = newest(newest, session.commit(description));
            }
            return newest;
        }

        private @Nullable Stamp replicateAttributes(RecordDraft description, Content content, Base base) {
            Stamp newest = null;
            for (ObjectStore other : stores()) {
                Received received = other.holdings().receiveAttributes(bucket, key, description, base);
                if (!received.accepted() && !received.here().isNewerThan(description.stamp())) {
                    try (Sent whole = send(bucket, key, content)) {
                        received = whole.sessions.getFirst().commit(description);
                    }
                }
                newest = newest(newest, received);
            }
            return newest;
        }

        @Override
        public @Nullable Stamp replicateRemoval(Stamp stamp) {
            reach();
            Stamp newest = null;
            for (ObjectStore other : stores()) {
                newest = newest(newest, other.holdings().receiveRemoval(bucket, key, stamp));
            }
            return newest;
        }

        @Override
        public Turn of(ObjectKey version) {
            return new SharedTurn(bucket, version);
        }

        @Override
        public void close() {}

        private void reach() {
            if (!isReachable) {
                throw new StoreException(ErrorCode.NODE_UNAVAILABLE, "the other holders cannot be reached");
            }
        }

        private @Nullable Stamp newest(@Nullable Stamp before, Received received) {
            if (received.accepted()) {
                return before;
            }
            return before == null ? received.here() : before.or(received.here());
        }
    }
}
