package io.forebay.storage.metadata;

import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/// A cursor over a range of keys of one family, as they were when it was made. For one thread at a time; whoever
/// made it closes it, before the index.
public final class IndexCursor implements AutoCloseable {
    private final Slice end;
    private final ReadOptions options;
    private final RocksIterator iterator;
    private final Runnable release;
    private boolean closed;

    IndexCursor(Slice end, ReadOptions options, RocksIterator iterator, Runnable release) {
        this.end = end;
        this.options = options;
        this.iterator = iterator;
        this.release = release;
    }

    /// Moves to the first key of the range that is not less than this one.
    public void seek(byte[] key) {
        iterator.seek(key);
    }

    /// Whether the cursor stands on a key. Throws VOLUME_FAILED or CORRUPT when the index could not be read.
    public boolean isValid() {
        if (iterator.isValid()) {
            return true;
        }
        try {
            iterator.status();
        } catch (RocksDBException e) {
            throw Index.failure("cannot scan the index", e);
        }
        return false;
    }

    public void next() {
        iterator.next();
    }

    public byte[] key() {
        return iterator.key();
    }

    public byte[] value() {
        return iterator.value();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            iterator.close();
            options.close();
            end.close();
            release.run();
        }
    }
}
