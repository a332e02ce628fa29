package io.forebay.storage.volume;

import io.forebay.common.error.StoreException;
import io.forebay.common.model.Durability;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// One record on its way into the log. Subclasses say what it means.
///
/// Made by the writer, which then waits in `SegmentLog.commit`; the memory behind it must stay until that returns.
public abstract class LogEntry {
    private final ByteBuffer head;
    private final @Nullable ByteBuffer rest;
    private final int length;
    private final int dataBytes;
    private final Durability durability;

    private final Thread writer = Thread.currentThread();
    private volatile boolean done;
    private @Nullable StoreException failure;

    private long segment;
    private int offset;

    /// @param head a direct buffer whose content is the record as far as it is contiguous: room for the
    ///     header, then data, then operations
    /// @param rest the remaining bytes of the operations, where the first buffer had no room
    protected LogEntry(ByteBuffer head, @Nullable ByteBuffer rest, int dataBytes, Durability durability) {
        this.head = head;
        this.rest = rest;
        this.dataBytes = dataBytes;
        this.durability = durability;
        this.length = head.remaining() + (rest == null ? 0 : rest.remaining());
        CRC32C crc = new CRC32C();
        crc.update(head.slice(LogFrame.HEADER_BYTES, head.remaining() - LogFrame.HEADER_BYTES));
        if (rest != null) {
            crc.update(rest.duplicate());
        }
        int operationsBytes = length - LogFrame.HEADER_BYTES - dataBytes;
        LogFrame.beginHeader(
                head, LogFrame.KIND_OPERATIONS, durability, dataBytes, operationsBytes, (int) crc.getValue());
    }

    public final Durability durability() {
        return durability;
    }

    /// The segment that has the record; known when the entry is applied.
    public final long segment() {
        return segment;
    }

    /// Where the record begins in its segment.
    public final int offset() {
        return offset;
    }

    /// The bytes of the record apart from object data, padding included.
    public final int overhead() {
        return paddedLength() - dataBytes;
    }

    final int paddedLength() {
        return LogFrame.padded(length);
    }

    /// Gives the record its place and completes its header.
    final void place(long toSegment, int atOffset, long sequence, long durable) {
        segment = toSegment;
        offset = atOffset;
        LogFrame.endHeader(head, toSegment, sequence, durable);
    }

    final ByteBuffer head() {
        return head.duplicate();
    }

    final @Nullable ByteBuffer rest() {
        return rest == null ? null : rest.duplicate();
    }

    final int padding() {
        return paddedLength() - length;
    }

    /// Lets the writer go on; a failure is thrown there.
    final void complete(@Nullable StoreException outcome) {
        failure = outcome;
        done = true;
        LockSupport.unpark(writer);
    }

    /// Waits for `complete`, and throws the failure.
    final void await() {
        StoreException outcome = awaitOutcome();
        if (outcome != null) {
            throw outcome;
        }
    }

    /// Waits for `complete` and gives the failure, or null. An interrupt does not end the wait, since the
    /// record may be on its way to the disk.
    final @Nullable StoreException awaitOutcome() {
        boolean interrupted = false;
        while (!done) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        StoreException outcome = failure;
        return outcome == null ? null : new StoreException(outcome.code(), outcome.text(), outcome);
    }
}
