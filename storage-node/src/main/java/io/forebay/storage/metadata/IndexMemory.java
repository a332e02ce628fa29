package io.forebay.storage.metadata;

import io.forebay.common.error.Check;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/// The memory that all indexes of a node share, bounded by one setting. Closed after the last of them.
///
/// Blocks, filters and the entries that are not in files yet are charged to one cache: the more entries wait, the fewer
/// blocks stay. Hot tables and large entries have shares beside it, divided evenly by the volumes. Not counted is what
/// RocksDB holds for a moment while it writes a file, and what the heap's objects cost beside the large entries' bytes.
public final class IndexMemory implements AutoCloseable {
    /*
     * Filters and inner index blocks live in a part of the cache of their own, from which data blocks do not push them.
     * They are in pieces (`IndexOptions`): whole filters of nearly a megabyte pushed each other out of a shard of 2 MiB,
     * so that a volume of 2,000,000 objects read one for each new name and fell from 38,000 PUT a second to 3,600
     * (`scripts/bench storage --only many`).
     */
    private static final double FILTER_SHARE = 0.75;

    /// Few shards, so that none is full while others have room.
    private static final int MAX_SHARD_BITS = 3;

    /// Entries are charged in pieces of 256 KiB, which a shard must hold many of.
    private static final long LEAST_SHARD_BYTES = 4 << 20;

    /// RocksDB only counts the entries: when they are flushed is the store's to choose, which knows what is durable.
    private static final long NEVER_FLUSHES = 1L << 50;

    /// What a volume that was not counted gets for its hot table when nothing is left.
    private static final long LEAST_HOT_BYTES = 64 << 10;

    private final IndexConfig config;
    private final int volumes;
    private final Cache blocks;
    private final WriteBufferManager entries;
    private final Set<Index> indexes = ConcurrentHashMap.newKeySet();

    /// The memory of one volume alone.
    public IndexMemory(IndexConfig config) {
        this(config, 1);
    }

    /// The memory of so many volumes. Throws INVALID_ARGUMENT when it is too little for them.
    public IndexMemory(IndexConfig config, int volumes) {
        Check.argument(volumes > 0, "a node has at least one volume");
        config.requireRoomFor(volumes);
        RocksDB.loadLibrary();
        this.config = config;
        this.volumes = volumes;
        this.blocks = new LRUCache(config.cacheBytes(), shardBits(config.cacheBytes()), false, FILTER_SHARE);
        this.entries = new WriteBufferManager(NEVER_FLUSHES, blocks);
    }

    /// What one index gets.
    ///
    /// @param hotBytes for its table of hot entries
    /// @param largeBytes for its large entries
    /// @param flushBytes of its unflushed entries after which it is to be flushed
    record Share(long hotBytes, long largeBytes, LongSupplier flushBytes) {
        /// All of it for one index.
        static Share whole(IndexConfig config) {
            return new Share(config.hotBytes(), config.largeBytes(), () -> config.flushBytes(1));
        }
    }

    /// The bytes of index blocks, filters and unflushed entries in memory now.
    public long cachedBytes() {
        return blocks.getUsage();
    }

    /// All of this memory that is in use now.
    public long usedBytes() {
        return cachedBytes() + sum(Index::hotTableBytes) + sum(Index::largeRecordBytes);
    }

    /// What may be in use.
    public long limitBytes() {
        return config.memory().bytes();
    }

    /// Makes an index over that engine, with the share of one volume. A volume that comes when all shares are taken
    /// gets what is left, until the next start.
    synchronized Index index(String name, IndexEngine engine) {
        long hot = config.hotBytes() / volumes;
        long large = config.largeBytes() / volumes;
        long hotLeft = Math.max(LEAST_HOT_BYTES, config.hotBytes() - sum(Index::hotTableBytes));
        boolean counted = indexes.size() < volumes;
        Share share = new Share(Math.min(hot, hotLeft), counted ? large : 0, this::flushBytes);
        Index index = new Index(name, share, engine, indexes::remove);
        indexes.add(index);
        return index;
    }

    Cache blocks() {
        return blocks;
    }

    WriteBufferManager entries() {
        return entries;
    }

    /// The unflushed entries of one index after which it is to be flushed, in bytes: also volumes that came since the
    /// start count.
    long flushBytes() {
        return config.flushBytes(Math.max(volumes, indexes.size()));
    }

    /// Throws INVALID_ARGUMENT when the memory is too little for one more index.
    void requireRoom() {
        config.requireRoomFor(Math.max(volumes, indexes.size() + 1));
    }

    @Override
    public void close() {
        entries.close();
        blocks.close();
    }

    private long sum(ToLongFunction<Index> bytes) {
        return indexes.stream().mapToLong(bytes).sum();
    }

    private static int shardBits(long bytes) {
        int bits = 0;
        while (bits < MAX_SHARD_BITS && bytes >> (bits + 1) >= LEAST_SHARD_BYTES) {
            bits++;
        }
        return bits;
    }
}
