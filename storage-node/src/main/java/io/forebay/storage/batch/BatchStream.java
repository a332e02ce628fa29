package io.forebay.storage.batch;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.Fault;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.BufferCopy;
import io.forebay.common.io.FillingSource;
import io.forebay.protocol.api.batch.BatchRequest;
import io.forebay.protocol.api.batch.BatchResult;
import io.forebay.transform.archive.ArchiveOutput;
import io.forebay.transform.archive.model.ArchiveFormat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The archive of a batch, made while it is read: every item in its place, and an empty one for what is
/// missing where the batch goes on without it. For one thread at a time.
public final class BatchStream implements FillingSource {
    /// What is made before the first byte is sent, and what `next` gives at once.
    private static final int PIECE_BYTES = 32 << 10;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final ItemQueue queue;
    private final ArchiveOutput output;
    private final boolean continuesOnError;
    private final int maxMissing;
    private final BatchMeters meters;
    private final List<BatchResult.Entry> results = new ArrayList<>();
    private final Runnable whenClosed;
    /// Whether the bodies stand in the archive as they are.
    private final boolean isPlain;

    private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
    /// Bytes of a body on their way into the archive, where they do not stand there as they are.
    private @Nullable ByteBuffer body;

    /// What was made beforehand, and goes first.
    private ByteBuffer prepared = NOTHING;

    /// What the archive has around bodies, or of them, and did not fit into the last buffer.
    private ByteBuffer waiting = NOTHING;

    private @Nullable ItemBytes current;
    private long left;
    private int missing;
    private boolean finished;
    private boolean closed;

    /// @param format of the archive that the output makes
    BatchStream(
            ItemQueue queue,
            ArchiveFormat format,
            ArchiveOutput output,
            boolean continuesOnError,
            int maxMissing,
            BatchMeters meters,
            Runnable whenClosed) {
        this.queue = queue;
        this.isPlain = format == ArchiveFormat.TAR;
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
        piece.clear();
        fill(piece);
        prepared = piece.flip();
    }

    /// What became of the items so far, in their order.
    public List<BatchResult.Entry> results() {
        return results;
    }

    /// Throws what opening and reading an item throws, of one that the batch does not go on without; then the
    /// batch is only good to be closed.
    @Override
    public @Nullable ByteBuffer next() {
        if (prepared.hasRemaining()) {
            ByteBuffer first = prepared;
            prepared = NOTHING;
            return first;
        }
        piece.clear();
        return fill(piece) ? piece.flip() : null;
    }

    /// Throws as `next` does.
    @Override
    public boolean fill(ByteBuffer target) {
        int from = target.position();
        BufferCopy.fit(prepared, target);
        while (target.hasRemaining() && (waiting.hasRemaining() || !isOver())) {
            if (waiting.hasRemaining()) {
                BufferCopy.fit(waiting, target);
            } else {
                make(target);
            }
        }
        return target.position() > from;
    }

    private boolean isOver() {
        return finished && output.ready() == 0;
    }

    private void make(ByteBuffer target) {
        if (output.ready() > 0) {
            waiting = output.take();
        } else if (current != null) {
            pass(current, target);
        } else if (queue.isEmpty()) {
            output.finish();
            finished = true;
        } else {
            begin(queue.peek());
        }
    }

    private void begin(BatchItem item) {
        ItemBytes opened;
        try {
            opened = queue.next();
            requireRange(item, opened.length());
        } catch (StoreException e) {
            miss(item, e);
            return;
        }
        long size = opened.length();
        output.begin(item.name(), size);
        results.add(item.result(size, null));
        meters.item(item, size);
        current = opened;
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

    private void pass(ItemBytes opened, ByteBuffer target) {
        boolean more = isPlain ? put(opened, target) : pack(opened);
        if (more) {
            return;
        }
        if (left != 0) {
            throw new StoreException(ErrorCode.INCOMPLETE_BODY, opened.key() + " ended " + left + " bytes early");
        }
        output.end();
        current = null;
    }

    /// Puts bytes of the body where they are wanted. False when there are none left.
    private boolean put(ItemBytes opened, ByteBuffer target) {
        int from = target.position();
        boolean more = opened.fill(target);
        int count = target.position() - from;
        output.pass(count);
        left -= count;
        return more;
    }

    /// Packs bytes of the body. False when there are none left.
    private boolean pack(ItemBytes opened) {
        ByteBuffer bytes = body == null ? ByteBuffer.allocateDirect(PIECE_BYTES) : body.clear();
        body = bytes;
        boolean more = opened.fill(bytes);
        left -= bytes.flip().remaining();
        output.write(bytes);
        return more;
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
