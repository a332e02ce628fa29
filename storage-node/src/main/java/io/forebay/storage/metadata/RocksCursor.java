package io.forebay.storage.metadata;

import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/// A cursor of RocksDB.
final class RocksCursor implements IndexCursor {
    private final Slice end;
    private final ReadOptions options;
    private final RocksIterator iterator;
    private final Runnable whenClosed;
    private boolean closed;

    RocksCursor(Slice end, ReadOptions options, RocksIterator iterator, Runnable whenClosed) {
        this.end = end;
        this.options = options;
        this.iterator = iterator;
        this.whenClosed = whenClosed;
    }

    @Override
    public void seek(byte[] key) {
        iterator.seek(key);
    }

    @Override
    public boolean isValid() {
        if (iterator.isValid()) {
            return true;
        }
        try {
            iterator.status();
        } catch (RocksDBException e) {
            throw RocksEngine.failure("cannot scan the index", e);
        }
        return false;
    }

    @Override
    public void next() {
        iterator.next();
    }

    @Override
    public byte[] key() {
        return iterator.key();
    }

    @Override
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
            whenClosed.run();
        }
    }
}
