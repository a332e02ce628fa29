package io.forebay.storage.metadata;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The index of one volume: its engine, and a table of hot entries in front of it.
///
/// Any thread may read; one at a time may write and flush. It keeps no log of its own: what was written since the
/// last flush is gone after a crash, all families at once, and comes back by replaying the volume's segments.
public final class Index implements AutoCloseable {
    private static final long CLOSE_WAIT_SECONDS = 10;

    private final String name;
    private final HotTable hot;
    private final LargeRecords large;
    private final LongSupplier flushBytes;
    private final Consumer<Index> whenClosed;
    private final IndexEngine engine;
    /// Readers hold it shared, so that native memory is never touched after it was freed.
    private final StampedLock open = new StampedLock();

    private boolean closed;

    /// An index over that engine, which it closes, alone in its memory. `name` is what messages call it.
    public Index(String name, IndexConfig config, IndexEngine engine) {
        this(name, IndexMemory.Share.whole(config), engine, index -> {});
    }

    Index(String name, IndexMemory.Share share, IndexEngine engine, Consumer<Index> whenClosed) {
        this.name = name;
        this.hot = new HotTable(share.hotBytes());
        this.large = new LargeRecords(share.largeBytes());
        this.flushBytes = share.flushBytes();
        this.engine = engine;
        this.whenClosed = whenClosed;
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

    /// Opens the index in that folder, making it when it is new. Throws CORRUPT or VOLUME_FAILED, and
    /// INVALID_ARGUMENT when the memory is too little for one more.
    public static Index open(Path folder, IndexMemory memory) {
        memory.requireRoom();
        return memory.index(folder.toString(), RocksEngine.open(folder, memory));
    }

    /// Opens an index that is there and changes nothing, after all its files were read and found sound. Throws
    /// CORRUPT or VOLUME_FAILED.
    public static Index openReadOnly(Path folder, IndexMemory memory) {
        RocksEngine engine = RocksEngine.openReadOnly(folder, memory);
        try {
            engine.verify();
        } catch (StoreException e) {
            engine.close();
            throw e;
        }
        return memory.index(folder.toString(), engine);
    }

    /// Opens an index that is there and changes nothing. What is read is verified then: reading may throw CORRUPT.
    public static Index openUnverified(Path folder, IndexMemory memory) {
        return memory.index(folder.toString(), RocksEngine.openReadOnly(folder, memory));
    }

    /// The record of an object or of a version; waits for the disk where it must.
    public @Nullable ObjectRecord find(byte[] key) {
        if (IndexKeys.isVersion(key)) {
            byte[] value = find(Family.VERSIONS, key);
            return value == null ? null : ObjectRecord.of(value);
        }
        long hash = HotTable.hash(key);
        byte[] hit = findHot(key, hash);
        if (hit != null) {
            return ObjectRecord.of(hit);
        }
        ObjectRecord known = large.find(key);
        if (known != null) {
            return known;
        }
        long ticket = hot.ticket(hash);
        long largeTicket = large.ticket(key);
        byte[] value = find(Family.CURRENT, key);
        return value == null ? null : remember(key, hash, value, ticket, largeTicket);
    }

    private ObjectRecord remember(byte[] key, long hash, byte[] value, long ticket, long largeTicket) {
        ObjectRecord record = ObjectRecord.of(value);
        if (HotTable.fits(key, value)) {
            hot.offer(key, hash, value, ticket);
        } else {
            large.offer(key, record, largeTicket);
        }
        return record;
    }

    /// The record of an object or of a version if memory has the answer.
    public Lookup findNow(byte[] key) {
        if (IndexKeys.isVersion(key)) {
            return Lookup.Unknown.INSTANCE;
        }
        long hash = HotTable.hash(key);
        byte[] hit = findHot(key, hash);
        if (hit != null) {
            return new Lookup.Hit(ObjectRecord.of(hit));
        }
        ObjectRecord known = large.find(key);
        if (known != null) {
            return new Lookup.Hit(known);
        }
        long ticket = hot.ticket(hash);
        long largeTicket = large.ticket(key);
        long stamp = enter();
        try {
            byte[] value = engine.findInMemory(Family.CURRENT, key);
            if (value == null) {
                return Lookup.Miss.INSTANCE;
            }
            if (IndexEngine.isUnknown(value)) {
                return Lookup.Unknown.INSTANCE;
            }
            return new Lookup.Hit(remember(key, hash, value, ticket, largeTicket));
        } finally {
            open.unlockRead(stamp);
        }
    }

    /// The value of a key, or null; waits for the disk where it must.
    public byte @Nullable [] find(Family family, byte[] key) {
        long stamp = enter();
        try {
            return engine.find(family, key);
        } finally {
            open.unlockRead(stamp);
        }
    }

    /// The values of keys of one family, in their order, null where there is none; waits for the disk where it must.
    public List<byte @Nullable []> findAll(Family family, List<byte[]> keys) {
        long stamp = enter();
        try {
            return engine.findAll(family, keys);
        } finally {
            open.unlockRead(stamp);
        }
    }

    /// A cursor over keys up to but without `end`, standing nowhere until it seeks.
    public IndexCursor cursor(Family family, byte[] end) {
        long stamp = enter();
        boolean made = false;
        try {
            IndexCursor cursor = engine.cursor(family, end, () -> open.unlockRead(stamp));
            made = true;
            return cursor;
        } finally {
            if (!made) {
                open.unlockRead(stamp);
            }
        }
    }

    public IndexBatch batch() {
        return engine.batch();
    }

    /// Makes a batch visible at once. `changed` are the keys of CURRENT that it sets or removes, `values` what it
    /// sets them to (null where it removes).
    public void write(IndexBatch batch, List<byte[]> changed, List<byte @Nullable []> values) {
        long[] hashes = new long[changed.size()];
        for (int index = 0; index < hashes.length; index++) {
            hashes[index] = HotTable.hash(changed.get(index));
            hot.begin(changed.get(index), hashes[index]);
        }
        large.begin(changed);
        boolean written = false;
        try {
            write(batch);
            written = true;
        } finally {
            large.end(changed);
            for (int index = 0; index < hashes.length; index++) {
                hot.end(changed.get(index), hashes[index], written ? values.get(index) : null);
            }
        }
    }

    /// Starts to bring everything written so far to the disk, all of it or nothing; `isFlushed` tells when it is
    /// there.
    public void beginFlush() {
        long stamp = enter();
        try {
            engine.beginFlush();
        } finally {
            open.unlockRead(stamp);
        }
    }

    /// Brings everything written so far to the disk.
    public void flush() {
        long stamp = enter();
        try {
            engine.flush();
        } finally {
            open.unlockRead(stamp);
        }
    }

    /// Whether everything that was written before the last `beginFlush` is on disk.
    public boolean isFlushed() {
        long stamp = enter();
        try {
            return engine.isFlushed();
        } finally {
            open.unlockRead(stamp);
        }
    }

    /// The bytes of entries that are not in index files yet.
    public long unflushedBytes() {
        long stamp = enter();
        try {
            return engine.unflushedBytes();
        } finally {
            open.unlockRead(stamp);
        }
    }

    /// The bytes of unflushed entries after which the index is to be flushed; fewer the more indexes there are.
    public long flushBytes() {
        return flushBytes.getAsLong();
    }

    /// The bytes of the table of hot entries, taken from the beginning.
    long hotTableBytes() {
        return hot.bytes();
    }

    /// The bytes of records kept because they are too large for the hot table.
    public long largeRecordBytes() {
        return large.bytes();
    }

    /// How many of them had to go because of the bound.
    public long largeRecordsEvicted() {
        return large.evicted();
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
        engine.close();
        hot.close();
        whenClosed.accept(this);
        open.unlockWrite(stamp);
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
        try {
            engine.write(batch);
        } finally {
            open.unlockRead(stamp);
        }
    }

    private long enter() {
        long stamp = open.readLock();
        if (closed) {
            open.unlockRead(stamp);
            throw new StoreException(ErrorCode.VOLUME_FAILED, "the index " + name + " is closed");
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
        Check.that(stamp != 0, "readers of the index %s do not end", name);
        return stamp;
    }
}
