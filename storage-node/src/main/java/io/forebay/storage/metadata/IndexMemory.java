package io.forebay.storage.metadata;

import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;

/// The memory for index blocks that all indexes of a node share. Closed after the last of them.
public final class IndexMemory implements AutoCloseable {
    private final Cache blocks;

    public IndexMemory(IndexConfig config) {
        RocksDB.loadLibrary();
        this.blocks = new LRUCache(config.blockCache().bytes());
    }

    /// The bytes of index blocks, filters included, that are in memory now.
    public long usedBytes() {
        return blocks.getUsage();
    }

    Cache blocks() {
        return blocks;
    }

    @Override
    public void close() {
        blocks.close();
    }
}
