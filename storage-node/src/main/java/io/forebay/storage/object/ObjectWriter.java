package io.forebay.storage.object;

import io.forebay.common.model.Durability;
import io.forebay.storage.metadata.Extents;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.Mutation;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.volume.BufferPool;
import io.forebay.storage.volume.NewFile;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns the bytes of a write session into one index entry: as a log record that carries them, or as a file and a
/// record that points to it.
final class ObjectWriter {
    private ObjectWriter() {}

    /// Makes the bytes durable as far as that can be done before the key's lock is taken.
    static void prepare(ByteSink sink, Durability durability) {
        if (sink.smallBlock() == null) {
            sink.finishFile(durability);
        }
    }

    /// Where a value goes.
    ///
    /// @param before the value that it replaces
    /// @param others changes that come with it in the same commit, before it
    @SuppressWarnings("ArrayRecordComponent") // Encoded bytes, which nobody compares by this record.
    record Slot(Family family, byte[] key, byte @Nullable [] before, List<Mutation> others) {}

    /// Makes a value that says where the bytes are; null extents are in the log record itself.
    @FunctionalInterface
    interface Encoding {
        byte[] of(@Nullable Extents extents);
    }

    /// Commits a value with the sink's bytes; the key's lock is held.
    static ObjectRecord commit(VolumeStore store, Durability durability, ByteSink sink, Slot slot, Encoding encoding) {
        BufferPool.Block small = sink.smallBlock();
        if (small != null) {
            byte[] value = encoding.of(null);
            store.prepare(slot.others, durability);
            Commit commit = Commit.of(
                    small,
                    (int) sink.size(),
                    mutations(slot, value),
                    durability,
                    store.volume().buffers());
            store.commit(commit);
            return ObjectRecord.of(value);
        }
        NewFile file = sink.file();
        byte[] value = encoding.of(Extents.ofFile(file.id(), file.size()));
        if (durability == Durability.NONE) {
            store.syncLater(file.id());
        }
        store.commit(mutations(slot, value), durability);
        // From here on the file is the object's, whatever else of the operation fails.
        sink.keep();
        return ObjectRecord.of(value);
    }

    private static List<Mutation> mutations(Slot slot, byte[] value) {
        Mutation put = new Mutation.Put(slot.family, slot.key, value, slot.before);
        if (slot.others.isEmpty()) {
            return List.of(put);
        }
        List<Mutation> mutations = new ArrayList<>(slot.others);
        mutations.add(put);
        return mutations;
    }
}
