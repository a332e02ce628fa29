package io.forebay.storage.metadata;

import java.util.ArrayList;
import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.DataBlockIndexType;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.RocksDB;

/// How RocksDB is set up for an index. Closed after the database that was opened with it.
final class IndexOptions implements AutoCloseable {
    private static final int BITS_PER_KEY = 10;
    private static final double MEMTABLE_FILTER_SHARE = 0.02;

    final DBOptions database;
    final List<ColumnFamilyDescriptor> families = new ArrayList<>();
    private final ColumnFamilyOptions plain;
    private final ColumnFamilyOptions large;
    private final BloomFilter filter = new BloomFilter(BITS_PER_KEY);

    IndexOptions(IndexMemory memory) {
        // Atomic flush: there is no write-ahead log, so all families go to disk together or not at all, and with them
        // the position from which the segments are replayed.
        database = new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setAtomicFlush(true)
                .setWriteBufferManager(memory.entries())
                .setAvoidFlushDuringShutdown(true)
                .setAllowConcurrentMemtableWrite(false)
                .setMaxOpenFiles(-1)
                .setMaxBackgroundJobs(2)
                .setSkipStatsUpdateOnDbOpen(true)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(2)
                .setMaxLogFileSize(1 << 20);
        // The store flushes when an index has its share of unflushed entries, at a point that it chooses; RocksDB's
        // own limit lies higher.
        large = familyOptions(memory, 2 * memory.flushBytes());
        plain = familyOptions(memory, memory.flushBytes());
        families.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, plain));
        for (Family family : Family.values()) {
            families.add(
                    new ColumnFamilyDescriptor(family.columnFamilyName(), family == Family.CURRENT ? large : plain));
        }
    }

    @Override
    public void close() {
        database.close();
        plain.close();
        large.close();
        filter.close();
    }

    private ColumnFamilyOptions familyOptions(IndexMemory memory, long writeBufferBytes) {
        BlockBasedTableConfig table = new BlockBasedTableConfig()
                .setBlockCache(memory.blocks())
                .setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true)
                .setPinL0FilterAndIndexBlocksInCache(true)
                .setFilterPolicy(filter)
                // In pieces, so that a look-up needs one of a few KiB and not that of a whole file.
                .setIndexType(IndexType.kTwoLevelIndexSearch)
                .setPartitionFilters(true)
                .setPinTopLevelIndexAndFilter(true)
                .setDataBlockIndexType(DataBlockIndexType.kDataBlockBinaryAndHash)
                .setFormatVersion(5);
        return new ColumnFamilyOptions()
                .setTableFormatConfig(table)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setWriteBufferSize(writeBufferBytes)
                .setArenaBlockSize(256 << 10)
                .setMaxWriteBufferNumber(4)
                .setMemtablePrefixBloomSizeRatio(MEMTABLE_FILTER_SHARE)
                .setMemtableWholeKeyFiltering(true)
                .setLevelCompactionDynamicLevelBytes(true);
    }
}
