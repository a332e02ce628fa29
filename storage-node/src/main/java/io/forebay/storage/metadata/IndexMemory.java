package io.forebay.storage.metadata;

import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;

/// The memory for index blocks that all indexes of a node share. Closed after the last of them.
public final class IndexMemory implements AutoCloseable {
    /*
     * Filters and inner index blocks live in a part of the cache of their own, from which data blocks do not push them.
     * They are in pieces (`IndexOptions`): whole filters of nearly a megabyte pushed each other out of a shard of 2 MiB,
     * so that a volume of 2,000,000 objects read one for each new name and fell from 38,000 PUT a second to 3,600
     * (`scripts/bench storage --only many`).
     */
    private static final double FILTER_SHARE = 0.75;

    /// Few shards, so that none is full while others have room.
    private static final int SHARD_BITS = 3;

    private final Cache blocks;

    public IndexMemory(IndexConfig config) {
        RocksDB.loadLibrary();
        this.blocks = new LRUCache(config.blockCache().bytes(), SHARD_BITS, false, FILTER_SHARE);
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
