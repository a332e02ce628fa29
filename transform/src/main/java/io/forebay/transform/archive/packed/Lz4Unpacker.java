package io.forebay.transform.archive.packed;

import io.forebay.transform.archive.model.Bounds;
import io.forebay.transform.archive.model.Refusal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import net.jpountz.xxhash.StreamingXXHash32;
import net.jpountz.xxhash.XXHash32;
import net.jpountz.xxhash.XXHashFactory;

/// Unpacks LZ4 frames, one or several, with what may be skipped between them. A frame is a restart point, and
/// so is each block of one whose blocks are independent.
public final class Lz4Unpacker implements Unpacker {
    /*
     * Whatever is needed next is gathered in `packed` until it has `wanted` bytes: heads, sizes, whole blocks and
     * checksums. An unpacked block lies in `block` between `blockAt` and `blockEnd` until it was taken. In a frame with
     * linked blocks the last 64 KiB before it are kept in front. The decoder is the library's own in Java without
     * unchecked memory access: what it decodes is hostile.
     */
    private static final int HISTORY_BYTES = 64 << 10;
    private static final int STORED = 0x80000000;
    private static final int WORD = 4;
    private static final Lz4Frame NONE = new Lz4Frame(true, false, false, 0);

    private enum State {
        MAGIC,
        HEAD,
        HEAD_REST,
        BLOCK_SIZE,
        BLOCK,
        BLOCK_CHECKSUM,
        CHECKSUM,
        SKIPPED_SIZE,
        SKIPPED,
        REST
    }

    private final Bounds bounds;
    private final LZ4SafeDecompressor decompressor = LZ4Factory.safeInstance().safeDecompressor();
    private final XXHash32 hash = XXHashFactory.safeInstance().hash32();
    private final StreamingXXHash32 contentHash = XXHashFactory.safeInstance().newStreamingHash32(0);
    private State state = State.MAGIC;
    private Lz4Frame frame = NONE;
    private boolean isFirst = true;
    private boolean isWholeFrame;

    private byte[] packed = new byte[WORD];
    private int gathered;
    private int wanted = WORD;
    private boolean isStored;
    private long skipped;

    private byte[] block = new byte[0];
    private int blockAt;
    private int blockEnd;

    private long packedBytes;
    private long unpackedBytes;
    private long frameAt;
    private Restart next = Restart.BEGINNING;
    private Restart restart = Restart.BEGINNING;

    public Lz4Unpacker(Bounds bounds) {
        this.bounds = bounds;
    }

    /// Whether the head of a frame was taken and nothing else: then the next bytes may be those at a restart
    /// point of the frame, which `jump` says.
    public boolean isBehindHead() {
        return state == State.BLOCK_SIZE && gathered == 0 && next.at() == frameAt;
    }

    /// Takes that the next bytes are those at a restart point. Throws INVALID_ARGUMENT when the frame has
    /// none but its beginning.
    public void jump() {
        if (!frame.isIndependent()) {
            throw Refusal.malformed("the blocks of the LZ4 stream cannot be unpacked one by one");
        }
        isWholeFrame = false;
    }

    @Override
    public void unpack(ByteBuffer source, ByteBuffer target) {
        boolean put = false;
        while (true) {
            if (blockAt < blockEnd) {
                if ((put && !restart.equals(next)) || !target.hasRemaining()) {
                    return;
                }
                restart = next;
                int count = Math.min(target.remaining(), blockEnd - blockAt);
                target.put(block, blockAt, count);
                blockAt += count;
                put = true;
            } else if (!source.hasRemaining() || !gather(source)) {
                return;
            }
        }
    }

    @Override
    public Restart restart() {
        return restart;
    }

    @Override
    public void complete() {
        boolean between = state == State.MAGIC && gathered == 0 && !isFirst;
        if (!between && state != State.REST) {
            throw Refusal.truncated("inside an LZ4 stream, at " + packedBytes);
        }
    }

    @Override
    public void close() {
        // Nothing but memory.
    }

    /// Takes what is wanted next; returns false when the source does not have all of it.
    private boolean gather(ByteBuffer source) {
        if (state == State.SKIPPED || state == State.REST) {
            return skip(source);
        }
        int count = Math.min(source.remaining(), wanted - gathered);
        source.get(packed, gathered, count);
        gathered += count;
        packedBytes += count;
        if (gathered < wanted) {
            return false;
        }
        switch (state) {
            case MAGIC -> magic();
            case HEAD -> {
                want(State.HEAD_REST, Lz4Frame.bytes(packed[0] & 0xFF), gathered);
                if (gathered == wanted) {
                    head();
                }
            }
            case HEAD_REST -> head();
            case BLOCK_SIZE -> blockSize();
            case BLOCK -> block();
            case BLOCK_CHECKSUM -> blockChecksum();
            case CHECKSUM -> checksum();
            case SKIPPED_SIZE -> {
                skipped = word(0) & 0xFFFFFFFFL;
                want(skipped > 0 ? State.SKIPPED : State.MAGIC, WORD, 0);
            }
            case SKIPPED, REST -> throw new IllegalStateException("nothing is gathered of what is skipped");
        }
        return true;
    }

    private boolean skip(ByteBuffer source) {
        if (state == State.REST) {
            source.position(source.limit());
            return false;
        }
        int count = (int) Math.min(source.remaining(), skipped);
        source.position(source.position() + count);
        packedBytes += count;
        skipped -= count;
        if (skipped == 0) {
            want(State.MAGIC, WORD, 0);
        }
        return true;
    }

    private void magic() {
        int magic = word(0);
        if (magic == Lz4Frame.MAGIC) {
            frameAt = packedBytes - WORD;
            want(State.HEAD, Lz4Frame.SHORT_BYTES, 0);
        } else if ((magic & Lz4Frame.SKIPPABLE_MASK) == Lz4Frame.SKIPPABLE) {
            want(State.SKIPPED_SIZE, WORD, 0);
        } else if (isFirst) {
            throw Refusal.malformed("this is not an LZ4 stream of frames");
        } else {
            want(State.REST, 0, 0);
        }
    }

    private void head() {
        frame = Lz4Frame.of(packed, wanted);
        isFirst = false;
        isWholeFrame = true;
        contentHash.reset();
        int history = frame.isIndependent() ? 0 : HISTORY_BYTES;
        block = block.length < history + frame.maxBlockBytes() ? new byte[history + frame.maxBlockBytes()] : block;
        blockAt = 0;
        blockEnd = 0;
        next = new Restart(frameAt, frameAt, unpackedBytes);
        want(State.BLOCK_SIZE, WORD, 0);
    }

    private void blockSize() {
        int size = word(0);
        if (size == 0) {
            if (frame.hasChecksum()) {
                want(State.CHECKSUM, WORD, 0);
            } else {
                want(State.MAGIC, WORD, 0);
            }
            return;
        }
        isStored = (size & STORED) != 0;
        int length = size & ~STORED;
        if (length > frame.maxBlockBytes()) {
            throw Refusal.malformed("a block of the LZ4 stream has %s bytes, at %s", length, packedBytes);
        }
        if (frame.isIndependent()) {
            next = new Restart(frameAt, packedBytes - WORD, unpackedBytes);
        }
        want(State.BLOCK, length, 0);
    }

    private void block() {
        if (frame.hasBlockChecksums()) {
            want(State.BLOCK_CHECKSUM, Math.addExact(wanted, WORD), wanted);
        } else {
            unpackBlock(wanted);
        }
    }

    private void blockChecksum() {
        int length = wanted - WORD;
        if (hash.hash(packed, 0, length, 0) != word(length)) {
            throw Refusal.malformed("a block of the LZ4 stream does not have its checksum, at %s", packedBytes);
        }
        unpackBlock(length);
    }

    private void unpackBlock(int length) {
        int from = frame.isIndependent() ? 0 : keepHistory();
        int room = from + frame.maxBlockBytes();
        if (isStored) {
            System.arraycopy(packed, 0, block, from, length);
            blockEnd = from + length;
        } else if (frame.isIndependent()) {
            blockEnd = independent(length);
        } else {
            blockEnd = LinkedBlock.decode(packed, length, block, from);
        }
        if (blockEnd > room) {
            throw Refusal.malformed("a block of the LZ4 stream unpacks to too much, at %s", packedBytes);
        }
        blockAt = from;
        unpackedBytes += blockEnd - from;
        if (isWholeFrame && frame.hasChecksum()) {
            contentHash.update(block, from, blockEnd - from);
        }
        bounds.expansion(packedBytes, unpackedBytes);
        want(State.BLOCK_SIZE, WORD, 0);
    }

    private int independent(int length) {
        try {
            return decompressor.decompress(packed, 0, length, block, 0, frame.maxBlockBytes());
        } catch (LZ4Exception e) {
            throw Refusal.malformed("a block of the LZ4 stream is broken, at %s", packedBytes);
        }
    }

    /// Moves the last bytes that were unpacked to the front, and returns where the next ones go.
    private int keepHistory() {
        int kept = Math.min(blockEnd, HISTORY_BYTES);
        System.arraycopy(block, blockEnd - kept, block, 0, kept);
        return kept;
    }

    private void checksum() {
        if (isWholeFrame && contentHash.getValue() != word(0)) {
            throw Refusal.malformed("the LZ4 stream does not have its checksum, at %s", packedBytes);
        }
        want(State.MAGIC, WORD, 0);
    }

    private void want(State following, int count, int kept) {
        state = following;
        wanted = count;
        gathered = kept;
        if (packed.length < count) {
            packed = Arrays.copyOf(packed, count);
        }
    }

    private int word(int at) {
        return (packed[at] & 0xFF)
                | (packed[at + 1] & 0xFF) << 8
                | (packed[at + 2] & 0xFF) << 16
                | (packed[at + 3] & 0xFF) << 24;
    }
}
