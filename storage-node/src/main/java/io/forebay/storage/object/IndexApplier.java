package io.forebay.storage.object;

import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.Index;
import io.forebay.storage.metadata.IndexBatch;
import io.forebay.storage.metadata.IndexConfig;
import io.forebay.storage.metadata.IndexCursor;
import io.forebay.storage.metadata.Location;
import io.forebay.storage.metadata.LogState;
import io.forebay.storage.metadata.Mutation;
import io.forebay.storage.metadata.MutationCodec;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.SpaceTable;
import io.forebay.storage.volume.LogApplier;
import io.forebay.storage.volume.LogPosition;
import io.forebay.storage.volume.LogRecord;
import io.forebay.storage.volume.Volume;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Brings log records into the index: groups as they are committed, and single records when the log is replayed.
///
/// One thread at a time. The space books and the log's position go into the same batch as the changes, so that the
/// index always says of itself what it holds.
final class IndexApplier implements LogApplier<Commit> {
    /// Log bytes, object data apart, that are replayed together.
    private static final int REPLAY_BATCH_BYTES = 1 << 20;
    /// What an entry costs in memory beside its bytes, about.
    private static final int ENTRY_OVERHEAD = 64;

    private final Index index;
    private final Volume volume;
    private final IndexConfig config;
    private final SpaceUse use;
    private final Upkeep upkeep;
    private final IndexBatch batch;
    private final List<byte[]> changedKeys = new ArrayList<>();
    private final List<byte @Nullable []> changedValues = new ArrayList<>();
    private final List<Replayed> waiting = new ArrayList<>();
    private int waitingBytes;
    /// What keys of the records that wait have, by family; null for nothing. Brought along while these are applied.
    private final Map<Family, Map<ByteBuffer, byte @Nullable []>> present = new EnumMap<>(Family.class);

    private final ReplayedFiles files;

    private LogPosition applied = LogPosition.START;
    private long unflushedBytes;
    /// The bytes of the log that the index on disk lacks.
    private long unflushedLogBytes;

    private long replayed;

    IndexApplier(Index index, Volume volume, IndexConfig config, SpaceUse use, Upkeep upkeep) {
        this.index = index;
        this.volume = volume;
        this.config = config;
        this.use = use;
        this.upkeep = upkeep;
        this.batch = index.batch();
        this.files = new ReplayedFiles(volume.files(), volume.ids());
    }

    @Override
    public void apply(List<Commit> group, LogPosition end) {
        for (Commit commit : group) {
            placeAll(commit.mutations(), commit.segment(), commit.offset(), commit.overhead());
            applyRecord(commit.mutations(), commit.segment());
        }
        write(end);
    }

    /// A record that waits to be replayed.
    private record Replayed(List<Mutation> mutations, long segment, int offset, int overhead) {}

    /// Replays one record, apart from what it puts that is not there as it was (`ReplayedFiles`). It is in the index
    /// after `endReplay`: many at once, since looking up what was before costs most.
    void replay(LogRecord record) {
        if (record.segment() != applied.segment()) {
            endReplay();
        }
        List<Mutation> mutations = files.withoutLost(MutationCodec.read(record.operations()), record.durability());
        boolean range = hasRange(mutations);
        if (range) {
            endReplay();
        }
        if (!mutations.isEmpty()) {
            waiting.add(new Replayed(mutations, record.segment(), record.offset(), record.overhead()));
            waitingBytes += record.overhead();
        }
        advance(record.end());
        replayed++;
        if (range || waitingBytes > REPLAY_BATCH_BYTES) {
            endReplay();
        }
    }

    /// Writes what was replayed and not written yet.
    void endReplay() {
        if (!waiting.isEmpty()) {
            endReplay(applied);
        }
    }

    /// Writes what was replayed, and that the log ends there whatever lies before.
    void endReplay(LogPosition end) {
        findPresent();
        for (Replayed record : waiting) {
            placeAll(record.mutations, record.segment, record.offset, record.overhead);
            List<Mutation> known = new ArrayList<>(record.mutations.size());
            for (Mutation mutation : record.mutations) {
                // One by one: what a compaction repeats in one record may remove a key more than once.
                Mutation withBefore = withBefore(mutation);
                bringAlong(withBefore);
                known.add(withBefore);
            }
            applyRecord(known, record.segment);
        }
        waiting.clear();
        waitingBytes = 0;
        present.clear();
        // Nobody has read before the end of the replay, so that nothing of it is in memory to be changed.
        changedKeys.clear();
        changedValues.clear();
        write(end);
    }

    /// How many records were replayed.
    long replayed() {
        return replayed;
    }

    /// The position up to which the index has the log.
    LogPosition applied() {
        return applied;
    }

    /// Says up to where the index has the log.
    void restore(LogPosition position) {
        applied = position;
        unflushedLogBytes = 0;
    }

    /// Says where the log goes on for this run.
    void begin(LogPosition position) {
        if (position.segment() != applied.segment()) {
            // How full the one before is comes into the index now: later it may be gone.
            write(position);
        }
        applied = position;
        unflushedLogBytes = 0;
    }

    /// Starts to bring the index to the disk and returns the log's position in it. The caller has seen to it that
    /// everything applied is durable.
    LogPosition beginFlush() {
        index.beginFlush();
        unflushedBytes = 0;
        unflushedLogBytes = 0;
        return applied;
    }

    /// Forgets a dead segment.
    void forgetSegment(long id) {
        SpaceTable.removeSegment(batch, id);
        write(applied);
    }

    /// Says that what a segment's records remove was repeated in the log by now, or matters no more.
    ///
    /// @param written up to where the log was written then
    void clearRemovals(long id, LogPosition written) {
        use.clearRemovals(id);
        write(applied);
        volume.segments().ensure(id).setEmptied(written);
    }

    private static void placeAll(List<Mutation> mutations, long segment, int offset, int overhead) {
        for (Mutation mutation : mutations) {
            if (mutation instanceof Mutation.Put put) {
                place(put, segment, offset, overhead);
            }
        }
    }

    private void applyRecord(List<Mutation> mutations, long segment) {
        for (Mutation mutation : mutations) {
            switch (mutation) {
                case Mutation.Put put -> {
                    use.add(put.family(), put.value());
                    use.release(put.family(), put.before());
                    batch.put(put.family(), put.key(), put.value());
                    changed(put.family(), put.key(), put.value());
                }
                case Mutation.Remove remove -> {
                    if (remove.before() != null) {
                        remove(remove.family(), remove.key(), remove.before());
                    }
                    countRemoval(remove, remove.until(), segment);
                }
                case Mutation.RemoveRange range -> {
                    for (Mutation.Entry entry : range.before()) {
                        remove(range.family(), entry.key(), entry.value());
                    }
                    countRemoval(range, range.until(), segment);
                }
            }
        }
        use.endRecord(batch);
    }

    /// Fills the place of its record into a value that is put.
    static void place(Mutation.Put put, long segment, int offset, int overhead) {
        if (put.family().hasRecords()) {
            ObjectRecord.place(put.value(), segment, offset, overhead);
        } else {
            Location.fill(put.value(), segment, offset, overhead);
        }
    }

    private void countRemoval(Mutation removal, long until, long segment) {
        if (until != Mutation.NOTHING) {
            use.addRemoval(segment, MutationCodec.length(removal), until);
        }
    }

    private void remove(Family family, byte[] key, byte[] before) {
        use.release(family, before);
        batch.remove(family, key);
        changed(family, key, null);
    }

    private void changed(Family family, byte[] key, byte @Nullable [] value) {
        if (family == Family.CURRENT) {
            changedKeys.add(key);
            changedValues.add(value);
        }
    }

    private void write(LogPosition end) {
        advance(end);
        List<Long> freed = use.endBatch(batch, end);
        LogState state = new LogState(
                end.segment(),
                end.offset(),
                end.sequence(),
                volume.ids().next(),
                use.largeFileBytes(),
                use.objectCount());
        state.write(batch);
        index.write(batch, changedKeys, changedValues);
        unflushedBytes += batch.length() + (long) ENTRY_OVERHEAD * batch.count();
        batch.clear();
        changedKeys.clear();
        changedValues.clear();
        if (!freed.isEmpty()) {
            upkeep.free(freed, end);
        }
        if (unflushedBytes > index.flushBytes()
                || unflushedLogBytes > config.replay().bytes()) {
            upkeep.requestFlush();
        }
    }

    /// Goes on to a position of the log; what was left behind is full.
    private void advance(LogPosition end) {
        if (applied.segment() == end.segment()) {
            unflushedLogBytes += end.offset() - applied.offset();
        } else {
            use.fill(applied.segment(), applied.offset());
            unflushedLogBytes += end.offset();
        }
        applied = end;
    }

    /// Looks up what the keys have that the waiting records name one by one.
    private void findPresent() {
        for (Replayed record : waiting) {
            for (Mutation mutation : record.mutations) {
                switch (mutation) {
                    case Mutation.Put put -> present(put.family()).put(ByteBuffer.wrap(put.key()), null);
                    case Mutation.Remove remove -> present(remove.family()).put(ByteBuffer.wrap(remove.key()), null);
                    case Mutation.RemoveRange range -> {}
                }
            }
        }
        present.forEach((family, values) -> {
            List<byte[]> keys = new ArrayList<>(values.size());
            for (ByteBuffer key : values.keySet()) {
                keys.add(bytes(key));
            }
            List<byte @Nullable []> found = index.findAll(family, keys);
            for (int at = 0; at < keys.size(); at++) {
                values.put(ByteBuffer.wrap(keys.get(at)), found.get(at));
            }
        });
    }

    private static byte[] bytes(ByteBuffer key) {
        byte[] bytes = new byte[key.remaining()];
        key.get(0, bytes);
        return bytes;
    }

    private Map<ByteBuffer, byte @Nullable []> present(Family family) {
        return present.computeIfAbsent(family, any -> new HashMap<>());
    }

    private byte @Nullable [] present(Family family, byte[] key) {
        return present(family).get(ByteBuffer.wrap(key));
    }

    /// Says what a mutation leaves, for those behind it.
    private void bringAlong(Mutation mutation) {
        switch (mutation) {
            case Mutation.Put put -> present(put.family()).put(ByteBuffer.wrap(put.key()), put.value());
            case Mutation.Remove remove -> {
                if (remove.before() != null) {
                    present(remove.family()).put(ByteBuffer.wrap(remove.key()), null);
                }
            }
            case Mutation.RemoveRange range -> {
                for (Mutation.Entry entry : range.before()) {
                    present(range.family()).put(ByteBuffer.wrap(entry.key()), null);
                }
            }
        }
    }

    private Mutation withBefore(Mutation mutation) {
        return switch (mutation) {
            case Mutation.Put put ->
                new Mutation.Put(put.family(), put.key(), put.value(), present(put.family(), put.key()));
            case Mutation.Remove remove ->
                new Mutation.Remove(remove.family(), remove.key(), removed(remove), remove.until());
            case Mutation.RemoveRange range ->
                new Mutation.RemoveRange(range.family(), range.from(), range.to(), removed(range), range.until());
        };
    }

    /// What a removal finds to remove.
    private byte @Nullable [] removed(Mutation.Remove remove) {
        byte[] value = present(remove.family(), remove.key());
        return value != null && Location.segment(value) <= remove.until() ? value : null;
    }

    /// What a removal of a range finds: what the index has, as the mutations before it in the same record left it.
    private List<Mutation.Entry> removed(Mutation.RemoveRange range) {
        NavigableMap<byte[], byte @Nullable []> found = new TreeMap<>(Arrays::compareUnsigned);
        try (IndexCursor cursor = index.cursor(range.family(), range.to())) {
            for (cursor.seek(range.from()); cursor.isValid(); cursor.next()) {
                found.put(cursor.key(), cursor.value());
            }
        }
        present(range.family()).forEach((key, value) -> {
            byte[] bytes = bytes(key);
            if (Arrays.compareUnsigned(bytes, range.from()) >= 0 && Arrays.compareUnsigned(bytes, range.to()) < 0) {
                found.put(bytes, value);
            }
        });
        List<Mutation.Entry> entries = new ArrayList<>(found.size());
        found.forEach((key, value) -> {
            if (value != null && Location.segment(value) <= range.until()) {
                entries.add(new Mutation.Entry(key, value));
            }
        });
        return entries;
    }

    private static boolean hasRange(List<Mutation> mutations) {
        for (Mutation mutation : mutations) {
            if (mutation instanceof Mutation.RemoveRange) {
                return true;
            }
        }
        return false;
    }
}
