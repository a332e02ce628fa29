package io.forebay.storage.crypto;

import io.forebay.common.io.ByteSource;
import java.nio.ByteBuffer;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/// Content from ciphertext, chunk by chunk: no byte of a chunk is given before all of it was found to be as it was
/// written.
final class OpenedSource implements ByteSource {
    private final StoredBytes stored;
    private final DataKey dataKey;
    private final ChunkBuffers buffers;
    private final Runs runs;
    private final long length;
    private final long end;
    private final ChunkCipher cipher = new ChunkCipher();
    private @Nullable ByteBuffer content;
    private @Nullable SecretKey key;
    private long at;
    private int run;

    /// @param stored all chunks that have some of the content; belongs to the source
    /// @param offset where what is wanted begins in the content
    /// @param length of what is wanted
    OpenedSource(StoredBytes stored, DataKey dataKey, ChunkBuffers buffers, Runs runs, long offset, long length) {
        this.stored = stored;
        this.dataKey = dataKey;
        this.buffers = buffers;
        this.runs = runs;
        this.at = offset;
        this.length = length;
        this.end = offset + length;
        this.run = length == 0 ? 0 : runs.find(offset);
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public @Nullable ByteBuffer next() {
        if (at == end) {
            return null;
        }
        while (at == runs.contentEnd(run)) {
            run++;
            key = null;
        }
        SecretKey runKey = key;
        if (runKey == null) {
            runKey = dataKey.ofRun(runs.salt(run));
            key = runKey;
        }
        long inRun = at - runs.contentStart(run);
        long number = Chunks.number(inRun);
        long from = Chunks.contentStart(number);
        long runContent = runs.contentEnd(run) - runs.contentStart(run);
        int chunkContent = (int) Math.min(Chunks.CONTENT_BYTES, runContent - from);
        ByteBuffer chunk = content();
        cipher.open(runKey, number, stored.next(chunkContent + Chunks.TAG_BYTES), chunk.clear());
        int skipped = (int) (inRun - from);
        int count = (int) Math.min(chunkContent - skipped, end - at);
        at += count;
        return chunk.position(skipped).limit(skipped + count);
    }

    @Override
    public void close() {
        ByteBuffer chunk = content;
        if (chunk != null) {
            content = null;
            buffers.giveBack(chunk);
        }
        stored.close();
    }

    private ByteBuffer content() {
        ByteBuffer chunk = content;
        if (chunk == null) {
            chunk = buffers.take();
            content = chunk;
        }
        return chunk;
    }
}
