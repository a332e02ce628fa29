package io.forebay.storage.object;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.Durability;
import io.forebay.storage.metadata.Extents;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.Mutation;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.volume.BufferPool;
import io.forebay.storage.volume.NewFile;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Turns the bytes of a write session into one index entry: as a log record that carries them, or as a file and a
/// record that points to it.
final class ObjectWriter {
    private ObjectWriter() {}

    /// What the entry says beside its bytes.
    ///
    /// @param before the value that it replaces
    @SuppressWarnings("ArrayRecordComponent") // An encoded key, which nobody compares by this record.
    record Entry(
            Family family,
            byte[] key,
            @Nullable ObjectRecord before,
            long modifiedMillis,
            long version,
            List<Checksum> checksums,
            Map<String, String> system,
            Map<String, String> custom) {}

    /// Makes the bytes durable as far as that can be done before the key's lock is taken.
    static void prepare(ByteSink sink, Durability durability) {
        if (sink.smallBlock() == null) {
            sink.finishFile(durability);
        }
    }

    /// Commits the entry with the sink's bytes; the key's lock is held.
    static ObjectRecord commit(VolumeStore store, Bucket bucket, ByteSink sink, Entry entry) {
        Durability durability = bucket.durability();
        BufferPool.Block small = sink.smallBlock();
        if (small != null) {
            byte[] value = draft(entry, sink.size(), null).encode();
            Commit commit = Commit.of(
                    small,
                    (int) sink.size(),
                    List.of(put(entry, value)),
                    durability,
                    store.volume().buffers());
            store.commit(commit);
            return ObjectRecord.of(value);
        }
        NewFile file = sink.file();
        byte[] value = draft(entry, sink.size(), Extents.ofFile(file.id(), file.size()))
                .encode();
        if (durability == Durability.NONE) {
            store.syncLater(file.id());
        }
        store.commit(List.of(put(entry, value)), durability);
        return ObjectRecord.of(value);
    }

    private static Mutation put(Entry entry, byte[] value) {
        ObjectRecord before = entry.before;
        return new Mutation.Put(entry.family, entry.key, value, before == null ? null : before.value());
    }

    private static RecordDraft draft(Entry entry, long size, @Nullable Extents extents) {
        return new RecordDraft(
                size,
                entry.modifiedMillis,
                entry.modifiedMillis,
                entry.version,
                entry.checksums,
                null,
                null,
                entry.system,
                entry.custom,
                extents,
                List.of());
    }
}
