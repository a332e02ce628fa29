package io.forebay.storage.object;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.common.io.FileSlice;
import io.forebay.common.model.Durability;
import io.forebay.storage.metadata.Extents;
import io.forebay.storage.volume.BufferPool;
import io.forebay.storage.volume.LogFrame;
import io.forebay.storage.volume.NewFile;
import io.forebay.storage.volume.Volume;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where the bytes of one write go: memory while they may still be a small object, a file of their own when not.
///
/// For one thread at a time. Closed by whoever made it, after the commit too.
final class ByteSink implements AutoCloseable {
    /*
     * The block has room for a log record's header in front of the data, and hopefully for the operations behind, so
     * that a small object goes to the disk in one piece. When the write turns out to be large, the block becomes the
     * buffer in which short pieces are gathered: every write to the file costs a system call.
     */
    private static final int OPERATIONS_ROOM = 1024;
    private static final int FIRST_BYTES = 16 << 10;
    private static final int GATHER_BYTES = 128 << 10;
    private static final int DIRECT_BYTES = 32 << 10;

    private final Volume volume;
    private final int maxSmall;
    private BufferPool.@Nullable Block block;
    private @Nullable NewFile file;
    private long size;
    private int inBlock;
    private boolean kept;

    /// A sink for that many bytes, or for an unknown number when it is -1. May wait for memory.
    ByteSink(Volume volume, long length) {
        this.volume = volume;
        this.maxSmall = (int) volume.config().smallObject().bytes();
        if (length > maxSmall) {
            this.file = volume.files().create();
        } else {
            int first = length < 0 ? FIRST_BYTES : LogFrame.HEADER_BYTES + (int) length + OPERATIONS_ROOM;
            this.block = volume.buffers().take(first);
        }
    }

    long size() {
        return size;
    }

    /// Takes all remaining bytes.
    void write(ByteBuffer bytes) {
        int count = bytes.remaining();
        NewFile large = file;
        if (large == null && !fits(count)) {
            large = spill();
        }
        if (large != null) {
            append(large, bytes);
        } else {
            gather(bytes);
        }
        size += count;
    }

    /// The block that has the bytes of a small object behind the room for a header, or null for a large one.
    BufferPool.@Nullable Block smallBlock() {
        return file == null ? block : null;
    }

    /// The file that has the bytes of a large object.
    NewFile file() {
        NewFile large = file;
        if (large == null) {
            throw new IllegalStateException("a small object has no file");
        }
        return large;
    }

    /// Brings the bytes of a large object into its file, and to stable storage unless durability asks for
    /// nothing. Called when all bytes were written.
    void finishFile(Durability durability) {
        flush(file());
        if (durability != Durability.NONE) {
            file().sync();
        }
    }

    /// Keeps beside the bytes of a large object what was derived from them. Called when all bytes were
    /// written. That it cannot be kept does not matter to the object.
    void keepBeside(Follower follower) {
        NewFile large = file;
        if (large == null) {
            return;
        }
        flush(large);
        List<FileSlice> content = slices();
        try (ByteSource derived = follower.finish(content)) {
            if (derived != null) {
                FileSidecar.of(volume, Extents.ofFile(large.id(), large.size())).put(derived);
            }
        } catch (StoreException e) {
            volume.sidecarFailed(e);
        } finally {
            content.forEach(FileSlice::close);
        }
    }

    /// The bytes, when all were written, and are in the file if there is one; until the sink is closed.
    Content content() {
        return new Written();
    }

    /// The bytes as slices, once they are all written, in the file if there is one; the caller closes them.
    List<FileSlice> slices() {
        BufferPool.Block small = smallBlock();
        if (small != null) {
            return List.of(new MemorySlice(small.buffer().duplicate().clear().slice(LogFrame.HEADER_BYTES, inBlock)));
        }
        if (size == 0) {
            return List.of();
        }
        FileSlice slice = volume.slice(file().id(), 0, size);
        if (slice == null) {
            throw new StoreException(ErrorCode.VOLUME_FAILED, "a file that was just written is gone");
        }
        return List.of(slice);
    }

    private final class Written implements Content {
        @Override
        public long size() {
            return size;
        }

        @Override
        public ByteSource open() {
            return new SliceSource(slices());
        }
    }

    /// A sink of another volume with the same bytes; the caller closes it. Called when all bytes were
    /// written, and are in the file if there is one.
    ByteSink copyTo(Volume target) {
        ByteSink copy = new ByteSink(target, size);
        boolean complete = false;
        try {
            BufferPool.Block small = smallBlock();
            if (small != null) {
                copy.write(small.buffer().clear().slice(LogFrame.HEADER_BYTES, inBlock));
            } else {
                copyFile(copy);
            }
            complete = true;
            return copy;
        } finally {
            if (!complete) {
                copy.close();
            }
        }
    }

    private void copyFile(ByteSink copy) {
        try (FileSlice slice = volume.slice(file().id(), 0, size)) {
            if (slice == null) {
                throw new StoreException(ErrorCode.VOLUME_FAILED, "a file that was just written is gone");
            }
            ByteBuffer chunk = ByteBuffer.allocateDirect(GATHER_BYTES);
            for (long at = 0; at < size; at += chunk.limit()) {
                chunk.clear().limit((int) Math.min(GATHER_BYTES, size - at));
                slice.read(at, chunk);
                copy.write(chunk.flip());
            }
        }
    }

    /// Says that the file has an owner now.
    void keep() {
        kept = true;
    }

    @Override
    public void close() {
        freeBlock();
        NewFile large = file;
        if (large != null) {
            file = null;
            if (kept) {
                large.close();
            } else {
                large.discard();
            }
        }
    }

    /// Whether the bytes still make a small object, in the block or in a larger one that could be had.
    private boolean fits(int more) {
        BufferPool.Block current = block;
        if (current == null || size + more > maxSmall) {
            return false;
        }
        int needed = LogFrame.HEADER_BYTES + inBlock + more;
        if (needed <= current.buffer().capacity()) {
            return true;
        }
        BufferPool.Block larger =
                volume.buffers().tryTake(Math.max(needed, 2 * current.buffer().capacity()));
        if (larger == null) {
            return false;
        }
        larger.buffer().put(LogFrame.HEADER_BYTES, current.buffer(), LogFrame.HEADER_BYTES, inBlock);
        current.close();
        block = larger;
        return true;
    }

    private NewFile spill() {
        NewFile large = volume.files().create();
        file = large;
        flush(large);
        return large;
    }

    private void append(NewFile large, ByteBuffer bytes) {
        if (bytes.remaining() >= DIRECT_BYTES) {
            flush(large);
            large.append(bytes);
            return;
        }
        if (block == null) {
            block = volume.buffers().tryTake(GATHER_BYTES);
        }
        BufferPool.Block current = block;
        if (current == null) {
            large.append(bytes);
            return;
        }
        if (current.buffer().capacity() - LogFrame.HEADER_BYTES - inBlock < bytes.remaining()) {
            flush(large);
        }
        if (current.buffer().capacity() - LogFrame.HEADER_BYTES < bytes.remaining()) {
            large.append(bytes);
        } else {
            gather(bytes);
        }
    }

    private void gather(ByteBuffer bytes) {
        BufferPool.Block current = block;
        if (current == null) {
            throw new IllegalStateException("there is no block to gather in");
        }
        int count = bytes.remaining();
        current.buffer().clear().position(LogFrame.HEADER_BYTES + inBlock).put(bytes);
        inBlock += count;
    }

    private void flush(NewFile large) {
        BufferPool.Block current = block;
        if (current != null && inBlock > 0) {
            large.append(current.buffer().slice(LogFrame.HEADER_BYTES, inBlock));
            inBlock = 0;
        }
    }

    private void freeBlock() {
        if (block != null) {
            block.close();
            block = null;
        }
    }
}
