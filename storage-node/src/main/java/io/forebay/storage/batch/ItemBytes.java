package io.forebay.storage.batch;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.Fault;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.common.time.Ticker;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.PayloadSource;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The bytes of one item, from wherever they are: when a node stops in the middle they go on from another
/// that has the same ones. For one thread at a time.
final class ItemBytes implements ByteSource {
    private final BatchItem item;
    private final ItemReader reader;
    private final Retry retry;
    private ItemReader.Opened opened;
    private PayloadSource source;
    private long passed;
    /// Bytes behind those that were passed over, to be given next; or null.
    private @Nullable ByteBuffer rest;

    private ItemBytes(BatchItem item, ItemReader reader, Retry retry, ItemReader.Opened opened) {
        this.item = item;
        this.reader = reader;
        this.retry = retry;
        this.opened = opened;
        this.source = new PayloadSource(opened.payload());
    }

    /// For how long an item is tried again, and how often that was.
    record Retry(long patienceNanos, Ticker ticker, LongAdder retries) {
        /// Whether a failure may pass, such as that a node has left.
        static boolean mayPass(StoreException failure) {
            return failure.code().fault() == Fault.ROUTING
                    || failure.code() == ErrorCode.INCOMPLETE_BODY
                    || failure.code() == ErrorCode.DEADLINE_EXCEEDED;
        }
    }

    /// Opens an item, again and again as long as that may help. Throws as `ItemReader.open` does.
    static ItemBytes open(BatchItem item, ItemReader reader, Retry retry) {
        return new ItemBytes(item, reader, retry, tried(item, reader, retry));
    }

    private static ItemReader.Opened tried(BatchItem item, ItemReader reader, Retry retry) {
        long start = retry.ticker.nanos();
        while (true) {
            try {
                return reader.open(item);
            } catch (StoreException e) {
                if (!Retry.mayPass(e) || retry.ticker.nanos() - start >= retry.patienceNanos) {
                    throw e;
                }
                retry.retries.increment();
                reader.awaitChange();
            }
        }
    }

    @Override
    public long length() {
        return opened.payload().length();
    }

    /// The payload as it is, when none of it was read yet and this node has it in files or in memory; else
    /// null. It stays this object's to close.
    @Nullable
    Payload local() {
        return opened.payload() instanceof Payload.Stream || passed > 0 ? null : opened.payload();
    }

    @Override
    public @Nullable ByteBuffer next() {
        ByteBuffer bytes = null;
        while (bytes == null) {
            try {
                bytes = rest != null ? rest : source.next();
                rest = null;
                if (bytes == null) {
                    return null;
                }
            } catch (StoreException e) {
                resume(e);
            }
        }
        passed += bytes.remaining();
        return bytes;
    }

    /// Goes on with the same bytes of another reading. Throws the failure when there are others now.
    private void resume(StoreException failure) {
        if (!Retry.mayPass(failure)) {
            throw failure;
        }
        ItemReader.Opened before = opened;
        source.close();
        retry.retries.increment();
        opened = tried(item, reader, retry);
        source = new PayloadSource(opened.payload());
        boolean same = opened.identity().equals(before.identity())
                && opened.payload().length() == before.payload().length();
        if (!same) {
            throw failure;
        }
        skip();
    }

    private void skip() {
        long left = passed;
        while (left > 0) {
            ByteBuffer bytes = source.next();
            if (bytes == null) {
                throw new StoreException(ErrorCode.INCOMPLETE_BODY, item.key() + " ended early");
            }
            left -= bytes.remaining();
            if (left < 0) {
                // What is behind that place is read again from there.
                bytes.position(bytes.limit() + (int) left);
                rest = bytes;
                return;
            }
        }
    }

    @Override
    public void close() {
        source.close();
    }
}
