package io.forebay.storage.batch;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.common.model.NodeId;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.PayloadSource;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// Items of another node in one answer of it, which arrives while others are read, as far as it may wait
/// here. Each is taken in its turn; where the answer breaks off, the rest of them are to be opened one by
/// one.
///
/// For one thread, but for its own that asks.
final class ItemGroup implements AutoCloseable {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final CompletableFuture<PayloadSource> answer;
    private final Runnable whenClosed;
    private int untaken;
    private ByteBuffer piece = NOTHING;
    private long left;
    private boolean over;

    private ItemGroup(CompletableFuture<PayloadSource> answer, int items, Runnable whenClosed) {
        this.answer = answer;
        this.untaken = items;
        this.whenClosed = whenClosed;
    }

    /// Asks a node for items, on a thread of its own.
    ///
    /// @param whenClosed is run once, when the group holds nothing any more
    static ItemGroup ask(NodeId owner, List<BatchItem> items, ItemReader reader, Runnable whenClosed) {
        CompletableFuture<PayloadSource> answer = new CompletableFuture<>();
        Thread.ofVirtual().name("batch-ahead").start(() -> {
            try {
                answer.complete(new PayloadSource(reader.openAll(owner, items)));
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        return new ItemGroup(answer, items.size(), whenClosed);
    }

    /// The next of the items; null when it is to be opened alone. Throws what the other node failed with, of
    /// an item that it does not have or cannot read.
    ItemReader.@Nullable Opened next() {
        ItemFrames.Head head = over ? null : head();
        untaken--;
        if (head == null) {
            closeWhenTaken();
            return null;
        }
        StoreException failure = head.failure();
        if (failure != null) {
            closeWhenTaken();
            if (failure.isOfLostNode()) {
                return null;
            }
            throw failure;
        }
        left = head.length();
        return new ItemReader.Opened(new Payload.Stream(new Content(left)), head.text());
    }

    /// Whether nothing more comes of it.
    boolean isOver() {
        return over;
    }

    /// Null when the answer broke off, or there was none.
    private ItemFrames.@Nullable Head head() {
        try {
            PayloadSource source = answered();
            if (left > 0) {
                throw new StoreException(ErrorCode.INCOMPLETE_BODY, "an item before was not read to its end");
            }
            return ItemFrames.Head.read(count -> take(source, count));
        } catch (StoreException e) {
            close();
            return null;
        }
    }

    private PayloadSource answered() {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(ErrorCode.DEADLINE_EXCEEDED, "interrupted while a batch was read", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof StoreException failure
                    ? new StoreException(failure.code(), failure.text(), failure)
                    : new StoreException(ErrorCode.INTERNAL, "another node's items cannot be read", e);
        }
    }

    private byte[] take(PayloadSource source, int count) {
        byte[] taken = new byte[count];
        for (int at = 0; at < count; ) {
            if (!more(source)) {
                throw new StoreException(ErrorCode.INCOMPLETE_BODY, "the items of another node broke off");
            }
            int some = Math.min(count - at, piece.remaining());
            piece.get(taken, at, some);
            at += some;
        }
        return taken;
    }

    /// Whether there are further bytes, which are in the piece then.
    private boolean more(PayloadSource source) {
        while (!piece.hasRemaining()) {
            ByteBuffer next = source.next();
            if (next == null) {
                return false;
            }
            piece = next;
        }
        return true;
    }

    private void closeWhenTaken() {
        if (untaken == 0) {
            close();
        }
    }

    @Override
    public void close() {
        if (over) {
            return;
        }
        over = true;
        piece = NOTHING;
        CompletableFuture<Void> _ = answer.handle((source, failure) -> {
            if (source != null) {
                source.close();
            }
            whenClosed.run();
            return null;
        });
    }

    /// The bytes of the item that was taken last.
    private final class Content implements ByteSource {
        private final long length;

        Content(long length) {
            this.length = length;
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public @Nullable ByteBuffer next() {
            if (left == 0) {
                return null;
            }
            if (over || !more(answered())) {
                throw new StoreException(ErrorCode.INCOMPLETE_BODY, "the items of another node broke off");
            }
            int count = (int) Math.min(left, piece.remaining());
            ByteBuffer bytes = piece.slice(piece.position(), count);
            piece.position(piece.position() + count);
            left -= count;
            return bytes;
        }

        /// What comes behind an item that was not read to its end is not found.
        @Override
        public void close() {
            if (left > 0 || untaken == 0) {
                ItemGroup.this.close();
            }
        }
    }
}
