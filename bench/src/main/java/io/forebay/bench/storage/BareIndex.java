package io.forebay.bench.storage;

import io.forebay.storage.metadata.Family;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/// The index of a volume read by RocksDB alone, as it was on disk when this was opened: the floor for look-ups and
/// listings of the same keys.
public final class BareIndex implements AutoCloseable {
    private static final int BITS_PER_KEY = 10;

    private final List<AutoCloseable> owned = new ArrayList<>();
    private final RocksDB database;
    private final ColumnFamilyHandle current;
    private final ReadOptions read = new ReadOptions();

    private BareIndex(RocksDB database, List<ColumnFamilyHandle> handles) {
        this.database = database;
        this.current = handles.get(1);
        owned.addAll(handles);
        owned.add(database);
        owned.add(read);
    }

    /// Opens the index of a volume, which may be open elsewhere.
    public static BareIndex open(Path volume, long cacheBytes) {
        RocksDB.loadLibrary();
        Cache cache = new LRUCache(cacheBytes);
        BloomFilter filter = new BloomFilter(BITS_PER_KEY);
        ColumnFamilyOptions family = new ColumnFamilyOptions()
                .setTableFormatConfig(new BlockBasedTableConfig()
                        .setBlockCache(cache)
                        .setFilterPolicy(filter)
                        .setCacheIndexAndFilterBlocks(true)
                        .setPinL0FilterAndIndexBlocksInCache(true));
        DBOptions options = new DBOptions().setMaxOpenFiles(-1);
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try {
            RocksDB database = RocksDB.openReadOnly(
                    options,
                    volume.resolve("index").toString(),
                    List.of(
                            new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, family),
                            new ColumnFamilyDescriptor(
                                    Family.CURRENT.toString().getBytes(StandardCharsets.UTF_8), family)),
                    handles);
            BareIndex index = new BareIndex(database, handles);
            index.owned.addAll(List.of(options, family, filter, cache));
            return index;
        } catch (RocksDBException e) {
            throw new IllegalStateException("cannot read the index of " + volume, e);
        }
    }

    /// The folder of the only volume below a server's data folder.
    public static Path volume(Path data) {
        try (Stream<Path> paths = Files.walk(data)) {
            return paths.filter(path -> Files.exists(path.resolve("volume.properties")))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no volume in " + data));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte @Nullable [] find(byte[] key) {
        try {
            return database.get(current, read, key);
        } catch (RocksDBException e) {
            throw new IllegalStateException("cannot read the index", e);
        }
    }

    /// The first key, which tells the bucket.
    byte[] firstKey() {
        try (RocksIterator iterator = database.newIterator(current, read)) {
            iterator.seekToFirst();
            if (!iterator.isValid()) {
                throw new IllegalStateException("the index is empty");
            }
            return iterator.key();
        }
    }

    /// Passes over all keys, looking at each, and returns how many there are.
    public long scan() {
        try (RocksIterator iterator = database.newIterator(current, read)) {
            long count = 0;
            long bytes = 0;
            for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
                bytes += iterator.key().length;
                count++;
            }
            if (bytes < count) {
                throw new IllegalStateException("keys without bytes");
            }
            return count;
        }
    }

    @Override
    public void close() {
        for (AutoCloseable each : owned) {
            try {
                each.close();
            } catch (Exception e) {
                throw new IllegalStateException("cannot close RocksDB", e);
            }
        }
    }
}
