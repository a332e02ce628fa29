package io.forebay.storage.batch;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.common.model.NodeId;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Payload;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Objects of several nodes in memory, whose answers to other nodes can break off or not come at all.
final class BatchOfNodes implements ItemReader {
    final Map<String, byte[]> objects = new HashMap<>();
    /// Without an entry an object is here.
    final Map<String, NodeId> owners = new HashMap<>();
    /// Objects that their owner says it does not own.
    final Set<String> moved = ConcurrentHashMap.newKeySet();
    final AtomicInteger openedAlone = new AtomicInteger();
    final AtomicInteger asked = new AtomicInteger();
    final AtomicInteger answersOpen = new AtomicInteger();
    /// How many bytes of an answer come; a negative number for no answer.
    volatile long answered = Long.MAX_VALUE;

    @Override
    public @Nullable NodeId otherOwner(BatchItem item) {
        return owners.get(item.key().name());
    }

    @Override
    public Opened open(BatchItem item) {
        openedAlone.incrementAndGet();
        return read(item);
    }

    private Opened read(BatchItem item) {
        byte[] bytes = objects.get(item.key().name());
        if (bytes == null) {
            throw new StoreException(ErrorCode.NO_SUCH_OBJECT, item.key() + " does not exist");
        }
        return new Opened(new Payload.Memory(ByteBuffer.wrap(bytes)), "v" + bytes.length);
    }

    @Override
    public Payload openAll(NodeId owner, List<BatchItem> items) {
        asked.incrementAndGet();
        if (answered < 0) {
            throw new StoreException(ErrorCode.NODE_UNAVAILABLE, owner + " is away");
        }
        byte[] message = WireJson.write(ItemsMessage.of(items));
        List<BatchItem> read = WireJson.read(message, ItemsMessage.class).batchItems();
        answersOpen.incrementAndGet();
        return new Payload.Stream(new Answer(new ItemFrames(read, new Owner()), answered));
    }

    @Override
    public void awaitChange() {
        throw new IllegalStateException("everything is where it belongs");
    }

    /// The other node's own view of its objects.
    private final class Owner implements ItemReader {
        @Override
        public @Nullable NodeId otherOwner(BatchItem item) {
            throw new IllegalStateException("only this node is asked");
        }

        @Override
        public Opened open(BatchItem item) {
            if (moved.contains(item.key().name())) {
                throw new StoreException(ErrorCode.NOT_OWNER, item.key() + " is elsewhere");
            }
            return read(item);
        }

        @Override
        public Payload openAll(NodeId owner, List<BatchItem> items) {
            throw new IllegalStateException("only this node is asked");
        }

        @Override
        public void awaitChange() {
            throw new IllegalStateException("nothing is awaited here");
        }
    }

    /// Frames in pieces of a thousand bytes, so many of them.
    private final class Answer implements ByteSource {
        private final ItemFrames frames;
        private final ByteBuffer piece = ByteBuffer.allocate(1000);
        private long left;

        Answer(ItemFrames frames, long left) {
            this.frames = frames;
            this.left = left;
        }

        @Override
        public long length() {
            return -1;
        }

        @Override
        public @Nullable ByteBuffer next() {
            if (left == 0) {
                throw new StoreException(ErrorCode.INCOMPLETE_BODY, "the other node has stopped");
            }
            piece.clear().limit((int) Math.min(piece.capacity(), left));
            if (!frames.fill(piece)) {
                return null;
            }
            left -= piece.flip().remaining();
            return piece;
        }

        @Override
        public void close() {
            frames.close();
            answersOpen.decrementAndGet();
        }
    }
}
