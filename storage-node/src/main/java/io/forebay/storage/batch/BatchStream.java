package io.forebay.storage.batch;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.Fault;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.protocol.api.batch.BatchRequest;
import io.forebay.protocol.api.batch.BatchResult;
import io.forebay.transform.archive.ArchiveOutput;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The archive of a batch, made while it is read: every item in its place, and an empty one for what is
/// missing where the batch goes on without it. For one thread at a time.
public final class BatchStream implements ByteSource {
    /// What is given at once, about.
    private static final int PIECE_BYTES = 128 << 10;

    private final ItemQueue queue;
    private final ArchiveOutput output;
    private final boolean continuesOnError;
    private final int maxMissing;
    private final BatchMeters meters;
    private final List<BatchResult.Entry> results = new ArrayList<>();
    private final Runnable whenClosed;
    private ItemQueue.@Nullable Ready current;
    private boolean wroteMemory;
    private long left;
    private int missing;
    private boolean finished;
    private boolean closed;

    BatchStream(
            ItemQueue queue,
            ArchiveOutput output,
            boolean continuesOnError,
            int maxMissing,
            BatchMeters meters,
            Runnable whenClosed) {
        this.queue = queue;
        this.output = output;
        this.continuesOnError = continuesOnError;
        this.maxMissing = maxMissing;
        this.meters = meters;
        this.whenClosed = whenClosed;
    }

    @Override
    public long length() {
        return -1;
    }

    /// Makes the first piece: what fails in it fails before anything was sent. Throws as `next` does.
    public void prepare() {
        make();
    }

    /// What became of the items so far, in their order.
    public List<BatchResult.Entry> results() {
        return results;
    }

    /// Throws what opening and reading an item throws, of one that the batch does not go on without; then the
    /// batch is only good to be closed.
    @Override
    public @Nullable ByteBuffer next() {
        make();
        return output.ready() == 0 ? null : output.take();
    }

    private void make() {
        while (output.ready() < PIECE_BYTES && !finished) {
            if (current != null) {
                pass(current);
            } else if (queue.isEmpty()) {
                output.finish();
                finished = true;
            } else {
                begin(queue.peek());
            }
        }
    }

    private void begin(BatchItem item) {
        ItemQueue.Ready ready;
        try {
            ready = queue.next();
            requireRange(item, ready.source().length());
        } catch (StoreException e) {
            miss(item, e);
            return;
        }
        long size = ready.source().length();
        output.begin(item.name(), size);
        results.add(item.result(size, null));
        meters.item(item, size);
        current = ready;
        wroteMemory = false;
        left = size;
    }

    /// A range that was asked for by its length has that length, or is none.
    private static void requireRange(BatchItem item, long size) {
        if (item.exactLength() >= 0 && size != item.exactLength()) {
            throw new StoreException(
                    ErrorCode.RANGE_NOT_SATISFIABLE,
                    item.key() + ": " + size + " bytes are left of the " + item.exactLength() + " asked for");
        }
    }

    private void pass(ItemQueue.Ready ready) {
        ByteBuffer bytes = ready.bytes() == null ? ready.source().next() : wroteMemory ? null : ready.bytes();
        wroteMemory = true;
        if (bytes != null) {
            left -= bytes.remaining();
            output.write(bytes);
            return;
        }
        if (left != 0) {
            throw new StoreException(ErrorCode.INCOMPLETE_BODY, ready.item().key() + " ended " + left + " bytes early");
        }
        output.end();
        current = null;
    }

    private void miss(BatchItem item, StoreException failure) {
        if (!continuesOnError || !mayBeMissed(failure)) {
            throw failure;
        }
        if (++missing > maxMissing) {
            throw new StoreException(
                    failure.code(),
                    "more than " + maxMissing + " entries of the batch are missing (limit max-missing), the last: "
                            + failure.text(),
                    failure);
        }
        meters.missing();
        output.begin(BatchRequest.MISSING + item.name(), 0);
        output.end();
        results.add(item.result(0, failure.text()));
    }

    /// Whether it says that something is not there to be read, and not that the program is wrong.
    private static boolean mayBeMissed(StoreException failure) {
        return failure.code().fault() != Fault.BUG && failure.code() != ErrorCode.FORBIDDEN;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (!finished) {
            meters.failed();
        }
        try {
            queue.close();
        } finally {
            output.close();
            whenClosed.run();
        }
    }
}
