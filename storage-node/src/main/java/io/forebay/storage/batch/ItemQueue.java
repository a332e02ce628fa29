package io.forebay.storage.batch;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// The items of one batch in their order, some of them read ahead: those of other nodes, many at once, as
/// long as there is memory for them. What this node has is read when it is its turn.
///
/// For one thread, but for its own that read ahead.
final class ItemQueue implements AutoCloseable {
    /// Larger items are opened ahead, and read when it is their turn.
    static final int MAX_AHEAD_BYTES = 256 << 10;

    private final List<BatchItem> items;
    private final ItemReader reader;
    private final int window;
    private final Semaphore memory;
    private final ItemBytes.Retry retry;
    private final ArrayDeque<Slot> slots = new ArrayDeque<>();
    private int queued;
    private @Nullable Slot current;
    private boolean holdsPermit;

    /// @param window how many items are looked at ahead
    /// @param memory a permit for each item that may be in memory
    ItemQueue(List<BatchItem> items, ItemReader reader, int window, Semaphore memory, ItemBytes.Retry retry) {
        this.items = items;
        this.reader = reader;
        this.window = window;
        this.memory = memory;
        this.retry = retry;
    }

    /// An item in the queue.
    ///
    /// @param ahead what is read of it on another thread; null when it is opened in its turn
    private record Slot(BatchItem item, @Nullable CompletableFuture<Ahead> ahead) {}

    /// An item that was opened ahead.
    ///
    /// @param bytes all of it in memory; null when it is still to be read
    private record Ahead(ItemBytes item, @Nullable ByteBuffer bytes) {}

    /// The next item, opened. Until the next call.
    ///
    /// @param bytes all of it, where it is in memory already; or null
    record Ready(BatchItem item, ItemBytes source, @Nullable ByteBuffer bytes) {}

    boolean isEmpty() {
        return slots.isEmpty() && queued == items.size();
    }

    /// The item that `next` opens.
    BatchItem peek() {
        fill();
        return slots.getFirst().item;
    }

    /// Opens the next item; the one before is closed. There must be one. Throws as `ItemReader.open` does,
    /// after it was tried for as long as that may help; the item is passed over then.
    Ready next() {
        leave();
        fill();
        Slot slot = slots.removeFirst();
        current = slot;
        CompletableFuture<Ahead> reading = slot.ahead;
        if (reading == null) {
            ItemBytes opened = ItemBytes.open(slot.item, reader, retry);
            current = new Slot(slot.item, CompletableFuture.completedFuture(new Ahead(opened, null)));
            holdsPermit = false;
            return new Ready(slot.item, opened, null);
        }
        holdsPermit = true;
        Ahead ahead = result(reading);
        return new Ready(slot.item, ahead.item, ahead.bytes);
    }

    private void fill() {
        while (slots.size() < window && queued < items.size()) {
            BatchItem item = items.get(queued++);
            boolean ahead = !reader.isHere(item) && memory.tryAcquire();
            slots.addLast(new Slot(item, ahead ? readAhead(item) : null));
        }
    }

    private CompletableFuture<Ahead> readAhead(BatchItem item) {
        CompletableFuture<Ahead> result = new CompletableFuture<>();
        Thread.ofVirtual().name("batch-ahead").start(() -> {
            try {
                result.complete(read(item));
            } catch (StoreException e) {
                result.completeExceptionally(e);
            } catch (RuntimeException e) {
                result.completeExceptionally(
                        new StoreException(ErrorCode.INTERNAL, "reading " + item.key() + " ahead failed", e));
            }
        });
        return result;
    }

    private Ahead read(BatchItem item) {
        ItemBytes opened = ItemBytes.open(item, reader, retry);
        if (opened.length() > MAX_AHEAD_BYTES) {
            return new Ahead(opened, null);
        }
        // Its connection is free for others then.
        try (opened) {
            ByteBuffer all = ByteBuffer.allocate((int) opened.length());
            for (ByteBuffer bytes = opened.next(); bytes != null; bytes = opened.next()) {
                all.put(bytes);
            }
            return new Ahead(opened, all.flip());
        }
    }

    private static Ahead result(CompletableFuture<Ahead> reading) {
        try {
            return reading.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(ErrorCode.DEADLINE_EXCEEDED, "interrupted while a batch was read", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof StoreException failure
                    ? new StoreException(failure.code(), failure.text(), failure)
                    : new StoreException(ErrorCode.INTERNAL, "reading ahead failed", e);
        }
    }

    private void leave() {
        Slot left = current;
        current = null;
        if (left != null) {
            drop(left, holdsPermit);
        }
    }

    private void drop(Slot slot, boolean permit) {
        CompletableFuture<Ahead> reading = slot.ahead;
        if (reading != null) {
            CompletableFuture<Ahead> _ = reading.whenComplete((ahead, failure) -> {
                if (ahead != null) {
                    ahead.item.close();
                }
                if (permit) {
                    memory.release();
                }
            });
        }
    }

    /// Closes what is open, and what is being opened when it is.
    @Override
    public void close() {
        leave();
        slots.forEach(slot -> drop(slot, true));
        slots.clear();
        queued = items.size();
    }
}
