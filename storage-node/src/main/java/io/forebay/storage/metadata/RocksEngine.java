package io.forebay.storage.metadata;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ByteBufferGetStatus;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.ReadTier;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// RocksDB as the engine of an index: what production uses.
final class RocksEngine implements IndexEngine {
    private static final String UNFLUSHED = "rocksdb.num-immutable-mem-table";
    private static final String MEMORY_BYTES = "rocksdb.cur-size-all-mem-tables";
    private static final int FOUND_TOGETHER = 256;
    /// Room for a value that is looked up with others; a longer one is looked up again by itself.
    private static final int VALUE_BYTES = 256;

    private final Path folder;
    private final IndexOptions options;
    private final RocksDB database;
    private final List<ColumnFamilyHandle> handles;
    private final ColumnFamilyHandle[] byCode;
    private final int[] familyIds;
    private final ReadOptions anyTier = new ReadOptions();
    private final ReadOptions memoryTier = new ReadOptions().setReadTier(ReadTier.BLOCK_CACHE_TIER);
    private final WriteOptions unlogged = new WriteOptions().setDisableWAL(true);

    private RocksEngine(Path folder, IndexOptions options, RocksDB database, List<ColumnFamilyHandle> handles) {
        this.folder = folder;
        this.options = options;
        this.database = database;
        this.handles = handles;
        this.byCode = byCode(handles);
        this.familyIds = new int[byCode.length];
        for (int code = 1; code < byCode.length; code++) {
            familyIds[code] = byCode[code].getID();
        }
    }

    /// Opens the database in that folder, making it when it is new. Throws CORRUPT or VOLUME_FAILED.
    static RocksEngine open(Path folder, IndexMemory memory) {
        IndexOptions options = new IndexOptions(memory);
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try {
            RocksDB database = RocksDB.open(options.database, folder.toString(), options.families, handles);
            return new RocksEngine(folder, options, database, handles);
        } catch (RocksDBException e) {
            options.close();
            throw failure("cannot open the index " + folder, e);
        }
    }

    /// The handles by the codes of families, which count from 1. The default family comes first: it holds
    /// nothing, as does one that an index of an earlier format lacks.
    private static ColumnFamilyHandle[] byCode(List<ColumnFamilyHandle> handles) {
        ColumnFamilyHandle[] byCode = new ColumnFamilyHandle[Family.values().length + 1];
        for (int code = 0; code < byCode.length; code++) {
            byCode[code] = code < handles.size() ? handles.get(code) : handles.getFirst();
        }
        return byCode;
    }

    /// Opens a database for reading only. Families are opened as far as they are there: new ones have the last
    /// codes.
    static RocksEngine openReadOnly(Path folder, IndexMemory memory) {
        IndexOptions options = new IndexOptions(memory);
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try (Options listing = new Options()) {
            int present = RocksDB.listColumnFamilies(listing, folder.toString()).size();
            List<ColumnFamilyDescriptor> families =
                    options.families.subList(0, Math.min(present, options.families.size()));
            RocksDB database = RocksDB.openReadOnly(options.database, folder.toString(), families, handles);
            return new RocksEngine(folder, options, database, handles);
        } catch (RocksDBException e) {
            options.close();
            throw failure("cannot read the index " + folder, e);
        }
    }

    /// Verifies the checksums of all files. Throws CORRUPT.
    void verify() {
        try {
            database.verifyChecksum();
        } catch (RocksDBException e) {
            throw failure("cannot read the index " + folder, e);
        }
    }

    @Override
    public byte @Nullable [] find(Family family, byte[] key) {
        try {
            return database.get(handle(family), anyTier, key);
        } catch (RocksDBException e) {
            throw failure("cannot read the index " + folder, e);
        }
    }

    @Override
    public List<byte @Nullable []> findAll(Family family, List<byte[]> keys) {
        List<byte @Nullable []> values = new ArrayList<>(keys.size());
        for (int from = 0; from < keys.size(); from += FOUND_TOGETHER) {
            findTogether(handle(family), keys.subList(from, Math.min(from + FOUND_TOGETHER, keys.size())), values);
        }
        return values;
    }

    /// Adds the values of the keys. By buffers, since only these calls tell what is absent from what cannot be read.
    private void findTogether(ColumnFamilyHandle family, List<byte[]> keys, List<byte @Nullable []> values) {
        List<ByteBuffer> wanted = new ArrayList<>(keys.size());
        List<ByteBuffer> found = new ArrayList<>(keys.size());
        try (Arena arena = Arena.ofConfined()) {
            ByteBuffer space = arena.allocate((long) keys.size() * VALUE_BYTES).asByteBuffer();
            for (byte[] key : keys) {
                wanted.add(arena.allocate(key.length).asByteBuffer().put(key).flip());
                found.add(space.slice(found.size() * VALUE_BYTES, VALUE_BYTES));
            }
            List<ByteBufferGetStatus> statuses =
                    database.multiGetByteBuffers(anyTier, Collections.nCopies(keys.size(), family), wanted, found);
            for (int at = 0; at < keys.size(); at++) {
                values.add(value(family, keys.get(at), statuses.get(at)));
            }
        } catch (RocksDBException e) {
            throw failure("cannot read the index " + folder, e);
        }
    }

    private byte @Nullable [] value(ColumnFamilyHandle family, byte[] key, ByteBufferGetStatus status)
            throws RocksDBException {
        if (status.status.getCode() == Status.Code.NotFound) {
            return null;
        }
        if (status.status.getCode() != Status.Code.Ok || status.requiredSize > VALUE_BYTES) {
            return database.get(family, anyTier, key);
        }
        byte[] value = new byte[status.requiredSize];
        status.value.get(value);
        return value;
    }

    @Override
    public byte @Nullable [] findInMemory(Family family, byte[] key) {
        try {
            return database.get(handle(family), memoryTier, key);
        } catch (RocksDBException e) {
            if (e.getStatus() != null && e.getStatus().getCode() == Status.Code.Incomplete) {
                return UNKNOWN;
            }
            throw failure("cannot read the index " + folder, e);
        }
    }

    @Override
    public IndexCursor cursor(Family family, byte[] end, Runnable whenClosed) {
        Slice bound = new Slice(end);
        ReadOptions bounded = new ReadOptions().setIterateUpperBound(bound);
        RocksIterator iterator = database.newIterator(handle(family), bounded);
        return new RocksCursor(bound, bounded, iterator, whenClosed);
    }

    @Override
    public IndexBatch batch() {
        return new IndexBatch(familyIds);
    }

    @Override
    public void write(IndexBatch batch) {
        try (WriteBatch nativeBatch = new WriteBatch(batch.toBytes())) {
            database.write(unlogged, nativeBatch);
        } catch (RocksDBException e) {
            throw failure("cannot write the index " + folder, e);
        }
    }

    @Override
    public void beginFlush() {
        flush(false);
    }

    @Override
    public void flush() {
        flush(true);
    }

    @Override
    public boolean isFlushed() {
        try {
            for (ColumnFamilyHandle handle : handles) {
                if (database.getLongProperty(handle, UNFLUSHED) > 0) {
                    return false;
                }
            }
            return true;
        } catch (RocksDBException e) {
            throw failure("cannot ask the index " + folder, e);
        }
    }

    @Override
    public long unflushedBytes() {
        try {
            long bytes = 0;
            for (Family family : Family.values()) {
                bytes += database.getLongProperty(handle(family), MEMORY_BYTES);
            }
            return bytes;
        } catch (RocksDBException e) {
            throw failure("cannot ask the index " + folder, e);
        }
    }

    @Override
    public void close() {
        handles.forEach(ColumnFamilyHandle::close);
        database.close();
        anyTier.close();
        memoryTier.close();
        unlogged.close();
        options.close();
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

    private void flush(boolean wait) {
        try (FlushOptions how = new FlushOptions().setWaitForFlush(wait).setAllowWriteStall(true)) {
            database.flush(how, handles);
        } catch (RocksDBException e) {
            throw failure("cannot flush the index " + folder, e);
        }
    }

    private ColumnFamilyHandle handle(Family family) {
        return byCode[family.code()];
    }
}
