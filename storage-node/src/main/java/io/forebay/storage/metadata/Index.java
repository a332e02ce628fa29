package io.forebay.storage.metadata;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.FlushOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.ReadTier;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// The index of one volume.
///
/// Any thread may read; one at a time may write and flush. It keeps no log of its own: what was written since the
/// last flush is gone after a crash, all families at once, and comes back by replaying the volume's segments.
public final class Index implements AutoCloseable {
    private static final long CLOSE_WAIT_SECONDS = 10;
    private static final String UNFLUSHED = "rocksdb.num-immutable-mem-table";

    private final Path folder;
    private final HotTable hot;
    private final IndexOptions options;
    private final RocksDB database;
    private final List<ColumnFamilyHandle> handles;
    private final ColumnFamilyHandle[] byCode;
    private final int[] familyIds;
    private final ReadOptions anyTier = new ReadOptions();
    private final ReadOptions memoryTier = new ReadOptions().setReadTier(ReadTier.BLOCK_CACHE_TIER);
    private final WriteOptions unlogged = new WriteOptions().setDisableWAL(true);
    /// Readers hold it shared, so that native memory is never touched after it was freed.
    private final StampedLock open = new StampedLock();

    private boolean closed;

    private Index(Path folder, HotTable hot, IndexOptions options, RocksDB database, List<ColumnFamilyHandle> handles) {
        this.folder = folder;
        this.hot = hot;
        this.options = options;
        this.database = database;
        this.handles = handles;
        // The first handle is that of the default family, which holds nothing; codes count from 1.
        this.byCode = handles.toArray(ColumnFamilyHandle[]::new);
        this.familyIds = new int[byCode.length];
        for (int code = 1; code < byCode.length; code++) {
            familyIds[code] = byCode[code].getID();
        }
    }

    /// What a look-up found.
    public sealed interface Lookup {
        record Hit(ObjectRecord record) implements Lookup {}

        /// There is no such entry.
        record Miss() implements Lookup {
            static final Miss INSTANCE = new Miss();
        }

        /// The answer is not in memory.
        record Unknown() implements Lookup {
            static final Unknown INSTANCE = new Unknown();
        }
    }

    /// Opens the index in that folder, making it when it is new. Throws CORRUPT or VOLUME_FAILED.
    public static Index open(Path folder, IndexConfig config, IndexMemory memory) {
        IndexOptions options = new IndexOptions(config, memory);
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try {
            RocksDB database = RocksDB.open(options.database, folder.toString(), options.families, handles);
            return new Index(folder, new HotTable(config.hotTable().bytes()), options, database, handles);
        } catch (RocksDBException e) {
            options.close();
            throw failure("cannot open the index " + folder, e);
        }
    }

    /// The record of an object; waits for the disk where it must.
    public @Nullable ObjectRecord find(byte[] key) {
        long hash = HotTable.hash(key);
        byte[] hit = findHot(key, hash);
        if (hit != null) {
            return ObjectRecord.of(hit);
        }
        long ticket = hot.ticket(hash);
        byte[] value = find(Family.CURRENT, key);
        if (value == null) {
            return null;
        }
        hot.offer(key, hash, value, ticket);
        return ObjectRecord.of(value);
    }

    /// The record of an object if memory has the answer.
    public Lookup findNow(byte[] key) {
        long hash = HotTable.hash(key);
        byte[] hit = findHot(key, hash);
        if (hit != null) {
            return new Lookup.Hit(ObjectRecord.of(hit));
        }
        long ticket = hot.ticket(hash);
        long stamp = enter();
        try {
            byte[] value = database.get(handle(Family.CURRENT), memoryTier, key);
            if (value == null) {
                return Lookup.Miss.INSTANCE;
            }
            hot.offer(key, hash, value, ticket);
            return new Lookup.Hit(ObjectRecord.of(value));
        } catch (RocksDBException e) {
            if (e.getStatus() != null && e.getStatus().getCode() == Status.Code.Incomplete) {
                return Lookup.Unknown.INSTANCE;
            }
            throw failure("cannot read the index " + folder, e);
        } finally {
            open.unlockRead(stamp);
        }
    }

    /// The value of a key, or null; waits for the disk where it must.
    public byte @Nullable [] find(Family family, byte[] key) {
        long stamp = enter();
        try {
            return database.get(handle(family), anyTier, key);
        } catch (RocksDBException e) {
            throw failure("cannot read the index " + folder, e);
        } finally {
            open.unlockRead(stamp);
        }
    }

    /// A cursor over keys up to but without `end`, standing nowhere until it seeks.
    public IndexCursor cursor(Family family, byte[] end) {
        long stamp = enter();
        Slice bound = new Slice(end);
        ReadOptions bounded = new ReadOptions().setIterateUpperBound(bound);
        RocksIterator iterator = database.newIterator(handle(family), bounded);
        return new IndexCursor(bound, bounded, iterator, () -> open.unlockRead(stamp));
    }

    public IndexBatch batch() {
        return new IndexBatch(familyIds);
    }

    /// Makes a batch visible at once. `changed` are the keys of CURRENT that it sets or removes, `values` what it
    /// sets them to (null where it removes).
    public void write(IndexBatch batch, List<byte[]> changed, List<byte @Nullable []> values) {
        long[] hashes = new long[changed.size()];
        for (int index = 0; index < hashes.length; index++) {
            hashes[index] = HotTable.hash(changed.get(index));
            hot.begin(changed.get(index), hashes[index]);
        }
        boolean written = false;
        try {
            write(batch);
            written = true;
        } finally {
            for (int index = 0; index < hashes.length; index++) {
                hot.end(changed.get(index), hashes[index], written ? values.get(index) : null);
            }
        }
    }

    /// Starts to bring everything written so far to the disk, all of it or nothing; `isFlushed` tells when it is
    /// there.
    public void beginFlush() {
        flush(false);
    }

    /// Brings everything written so far to the disk.
    public void flush() {
        flush(true);
    }

    /// Whether everything that was written before the last `beginFlush` is on disk.
    public boolean isFlushed() {
        long stamp = enter();
        try {
            for (ColumnFamilyHandle handle : handles) {
                if (database.getLongProperty(handle, UNFLUSHED) > 0) {
                    return false;
                }
            }
            return true;
        } catch (RocksDBException e) {
            throw failure("cannot ask the index " + folder, e);
        } finally {
            open.unlockRead(stamp);
        }
    }

    /// The bytes of entries that are not in index files yet.
    public long unflushedBytes() {
        long bytes = 0;
        for (Family family : Family.values()) {
            bytes += property(family, "rocksdb.cur-size-all-mem-tables");
        }
        return bytes;
    }

    /// Closes without flushing; waits for readers. What was not flushed is replayed at the next start.
    @Override
    public void close() {
        long stamp = closing();
        if (closed) {
            open.unlockWrite(stamp);
            return;
        }
        closed = true;
        handles.forEach(ColumnFamilyHandle::close);
        database.close();
        anyTier.close();
        memoryTier.close();
        unlogged.close();
        options.close();
        hot.close();
        open.unlockWrite(stamp);
    }

    static StoreException failure(String what, RocksDBException cause) {
        Status status = cause.getStatus();
        Status.Code code = status == null ? Status.Code.Undefined : status.getCode();
        boolean noSpace = status != null && status.getSubCode() == Status.SubCode.NoSpace;
        ErrorCode error = code == Status.Code.Corruption
                ? ErrorCode.CORRUPT
                : noSpace ? ErrorCode.NO_SPACE : ErrorCode.VOLUME_FAILED;
        return new StoreException(error, what + ": " + cause.getMessage(), cause);
    }

    private byte @Nullable [] findHot(byte[] key, long hash) {
        long stamp = enter();
        try {
            return hot.find(key, hash);
        } finally {
            open.unlockRead(stamp);
        }
    }

    private void write(IndexBatch batch) {
        long stamp = enter();
        try (WriteBatch nativeBatch = new WriteBatch(batch.toBytes())) {
            database.write(unlogged, nativeBatch);
        } catch (RocksDBException e) {
            throw failure("cannot write the index " + folder, e);
        } finally {
            open.unlockRead(stamp);
        }
    }

    private void flush(boolean wait) {
        long stamp = enter();
        try (FlushOptions how = new FlushOptions().setWaitForFlush(wait).setAllowWriteStall(true)) {
            database.flush(how, handles);
        } catch (RocksDBException e) {
            throw failure("cannot flush the index " + folder, e);
        } finally {
            open.unlockRead(stamp);
        }
    }

    private long property(Family family, String name) {
        long stamp = enter();
        try {
            return database.getLongProperty(handle(family), name);
        } catch (RocksDBException e) {
            throw failure("cannot ask the index " + folder, e);
        } finally {
            open.unlockRead(stamp);
        }
    }

    private ColumnFamilyHandle handle(Family family) {
        return byCode[family.code()];
    }

    private long enter() {
        long stamp = open.readLock();
        if (closed) {
            open.unlockRead(stamp);
            throw new StoreException(ErrorCode.VOLUME_FAILED, "the index " + folder + " is closed");
        }
        return stamp;
    }

    private long closing() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_WAIT_SECONDS);
        boolean interrupted = false;
        long stamp = 0;
        while (stamp == 0 && System.nanoTime() < deadline) {
            try {
                stamp = open.tryWriteLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        Check.that(stamp != 0, "readers of the index %s do not end", folder);
        return stamp;
    }
}
