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
import io.forebay.storage.volume.Segment;
import io.forebay.storage.volume.Volume;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Brings log records into the index: groups as they are committed, and single records when the log is replayed.
///
/// One thread at a time. The space books and the log's position go into the same batch as the changes, so that the
/// index always says of itself what it holds.
final class IndexApplier implements LogApplier<Commit> {
    private static final int REPLAY_BATCH_BYTES = 256 << 10;
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
    /// Keys in a batch that is being replayed: what they were before is not in the index yet.
    private final Set<ByteBuffer> replayedKeys = new HashSet<>();

    private final ReplayedFiles files;

    private LogPosition applied = LogPosition.START;
    private long unflushedBytes;
    private LogPosition lastFlush = LogPosition.START;
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
            applyRecord(commit.mutations(), commit.segment(), commit.offset(), commit.overhead());
        }
        write(end);
    }

    /// Replays one record, apart from what it puts that is not there as it was (`ReplayedFiles`).
    void replay(LogRecord record) {
        List<Mutation> mutations = files.withoutLost(MutationCodec.read(record.operations()), record.durability());
        if (!mutations.isEmpty()) {
            List<ByteBuffer> keys = keys(mutations);
            if (hasRange(mutations) || !Collections.disjoint(replayedKeys, keys)) {
                endReplay();
            }
            replayedKeys.addAll(keys);
            List<Mutation> known = new ArrayList<>(mutations.size());
            for (Mutation mutation : mutations) {
                known.add(withBefore(mutation));
            }
            applyRecord(known, record.segment(), record.offset(), record.overhead());
            if (hasRange(mutations) || batch.length() > REPLAY_BATCH_BYTES) {
                applied = record.end();
                endReplay();
            }
        }
        applied = record.end();
        replayed++;
    }

    /// Writes what was replayed and not written yet.
    void endReplay() {
        if (batch.count() > 0) {
            write(applied);
            replayedKeys.clear();
        }
    }

    /// Writes what was replayed, and that the log ends there whatever lies before.
    void endReplay(LogPosition end) {
        write(end);
        replayedKeys.clear();
    }

    /// How many records were replayed.
    long replayed() {
        return replayed;
    }

    /// The position up to which the index has the log.
    LogPosition applied() {
        return applied;
    }

    /// Says where the log begins for this run.
    void restore(LogPosition position) {
        applied = position;
        lastFlush = position;
    }

    /// Starts to bring the index to the disk and returns the log's position in it. The caller has seen to it that
    /// everything applied is durable.
    LogPosition beginFlush() {
        index.beginFlush();
        unflushedBytes = 0;
        lastFlush = applied;
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

    private void applyRecord(List<Mutation> mutations, long segment, int offset, int overhead) {
        for (Mutation mutation : mutations) {
            switch (mutation) {
                case Mutation.Put put -> {
                    place(put, segment, offset, overhead);
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
        if (applied.segment() != end.segment()) {
            // Nothing comes into the segment any more.
            Segment full = volume.segments().find(applied.segment());
            if (full != null) {
                full.setFilled(applied.offset());
            }
        }
        applied = end;
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
        if (unflushedBytes > config.writeBuffer().bytes()
                || unflushedLogBytes() > config.replay().bytes()) {
            upkeep.requestFlush();
        }
    }

    private long unflushedLogBytes() {
        long segments = applied.segment() - lastFlush.segment();
        return segments * volume.config().segment().bytes() + applied.offset() - lastFlush.offset();
    }

    private Mutation withBefore(Mutation mutation) {
        return switch (mutation) {
            case Mutation.Put put ->
                new Mutation.Put(put.family(), put.key(), put.value(), index.find(put.family(), put.key()));
            case Mutation.Remove remove ->
                new Mutation.Remove(remove.family(), remove.key(), removed(remove), remove.until());
            case Mutation.RemoveRange range ->
                new Mutation.RemoveRange(range.family(), range.from(), range.to(), removed(range), range.until());
        };
    }

    /// What a removal finds to remove.
    private byte @Nullable [] removed(Mutation.Remove remove) {
        byte[] value = index.find(remove.family(), remove.key());
        return value != null && Location.segment(value) <= remove.until() ? value : null;
    }

    private List<Mutation.Entry> removed(Mutation.RemoveRange range) {
        List<Mutation.Entry> entries = new ArrayList<>();
        try (IndexCursor cursor = index.cursor(range.family(), range.to())) {
            for (cursor.seek(range.from()); cursor.isValid(); cursor.next()) {
                byte[] value = cursor.value();
                if (Location.segment(value) <= range.until()) {
                    entries.add(new Mutation.Entry(cursor.key(), value));
                }
            }
        }
        return entries;
    }

    /// The keys that mutations name one by one.
    private static List<ByteBuffer> keys(List<Mutation> mutations) {
        List<ByteBuffer> keys = new ArrayList<>(mutations.size());
        for (Mutation mutation : mutations) {
            switch (mutation) {
                case Mutation.Put put -> keys.add(ByteBuffer.wrap(put.key()));
                case Mutation.Remove remove -> keys.add(ByteBuffer.wrap(remove.key()));
                case Mutation.RemoveRange range -> {}
            }
        }
        return keys;
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
