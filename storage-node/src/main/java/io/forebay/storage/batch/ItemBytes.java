package io.forebay.storage.batch;

import io.forebay.common.error.StoreException;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.time.Ticker;
import io.forebay.protocol.http.PayloadSource;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.LongAdder;

/// The bytes of one item, from wherever they are: when a node stops in the middle they go on from another
/// that has the same ones. For one thread at a time.
final class ItemBytes implements AutoCloseable {
    private final BatchItem item;
    private final ItemReader reader;
    private final Retry retry;
    private ItemReader.Opened opened;
    private PayloadSource source;
    private long passed;

    /// An item that was opened.
    ItemBytes(BatchItem item, ItemReader reader, Retry retry, ItemReader.Opened opened) {
        this.item = item;
        this.reader = reader;
        this.retry = retry;
        this.opened = opened;
        this.source = new PayloadSource(opened.payload());
    }

    /// For how long an item is tried again, and how often that was.
    record Retry(long patienceNanos, Ticker ticker, LongAdder retries) {}

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
                if (!e.isOfLostNode() || retry.ticker.nanos() - start >= retry.patienceNanos) {
                    throw e;
                }
                retry.retries.increment();
                reader.awaitChange();
            }
        }
    }

    ObjectKey key() {
        return item.key();
    }

    /// How many bytes it has.
    long length() {
        return opened.payload().length();
    }

    /// Puts the next bytes into a buffer, as `FillingSource.fill` does. False when there were none left.
    boolean fill(ByteBuffer target) {
        int from = target.position();
        while (target.hasRemaining()) {
            int before = target.position();
            try {
                if (!source.fill(target)) {
                    break;
                }
                passed += target.position() - before;
            } catch (StoreException e) {
                // What was put there before the failure comes again.
                target.position(before);
                resume(e);
            }
        }
        return target.position() > from;
    }

    /// Goes on with the same bytes of another reading. Throws the failure when there are others now.
    private void resume(StoreException failure) {
        if (!failure.isOfLostNode()) {
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
        source.skip(passed);
    }

    @Override
    public void close() {
        source.close();
    }
}
