package io.forebay.storage.object;

import io.forebay.common.model.Durability;
import io.forebay.storage.metadata.Mutation;
import io.forebay.storage.metadata.MutationCodec;
import io.forebay.storage.volume.BufferPool;
import io.forebay.storage.volume.LogEntry;
import io.forebay.storage.volume.LogFrame;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Changes of the index on their way through the log, with or without the bytes of a small object.
final class Commit extends LogEntry {
    private final List<Mutation> mutations;
    private final BufferPool.@Nullable Block own;

    private Commit(
            ByteBuffer head,
            @Nullable ByteBuffer rest,
            int dataBytes,
            Durability durability,
            List<Mutation> mutations,
            BufferPool.@Nullable Block own) {
        super(head, rest, dataBytes, durability);
        this.mutations = mutations;
        this.own = own;
    }

    /// A commit without object data.
    static Commit of(List<Mutation> mutations, Durability durability, BufferPool buffers) {
        int length = LogFrame.HEADER_BYTES + MutationCodec.length(mutations);
        BufferPool.Block block = buffers.takeNow(length);
        ByteBuffer head = block.buffer().clear().limit(length).position(LogFrame.HEADER_BYTES);
        MutationCodec.write(mutations, head);
        return new Commit(head.rewind(), null, 0, durability, mutations, block);
    }

    /// A commit with the data that lies in a block of the caller's, behind the room for a header.
    static Commit of(
            BufferPool.Block data, int dataBytes, List<Mutation> mutations, Durability durability, BufferPool buffers) {
        int dataEnd = LogFrame.HEADER_BYTES + dataBytes;
        int operations = MutationCodec.length(mutations);
        ByteBuffer head = data.buffer().clear();
        if (head.capacity() - dataEnd >= operations) {
            head.limit(dataEnd + operations).position(dataEnd);
            MutationCodec.write(mutations, head);
            return new Commit(head.rewind(), null, dataBytes, durability, mutations, null);
        }
        BufferPool.Block more = buffers.takeNow(operations);
        ByteBuffer rest = more.buffer().clear().limit(operations);
        MutationCodec.write(mutations, rest);
        return new Commit(head.limit(dataEnd), rest.rewind(), dataBytes, durability, mutations, more);
    }

    List<Mutation> mutations() {
        return mutations;
    }

    /// Gives back the memory that the commit took for itself.
    void free() {
        if (own != null) {
            own.close();
        }
    }
}
