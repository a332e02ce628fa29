package io.forebay.storage.crypto;

import io.forebay.common.io.ByteSource;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.Encryption;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.metadata.Seal;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/// Encrypts the bytes of one object or part while they are written. For one thread at a time, which
/// closes it.
public final class Sealer implements AutoCloseable {
    private static final int TAG_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Sealing sealing;
    private final byte[] salt = new byte[Runs.SALT_BYTES];
    private final SecretKey key;
    private final ChunkCipher cipher = new ChunkCipher();
    private final ChunkBuffers buffers;
    private @Nullable ByteBuffer chunk;
    private long content;

    Sealer(Sealing sealing, ChunkBuffers buffers) {
        this.sealing = sealing;
        this.buffers = buffers;
        RANDOM.nextBytes(salt);
        this.key = sealing.key().ofRun(salt);
    }

    /// The bytes that so much content takes; -1 when it is not known how much.
    public static long stored(long content) {
        return content < 0 ? content : Chunks.stored(content);
    }

    /// Takes all remaining content, and gives each chunk that is complete, in a buffer that is lent.
    public void write(ByteBuffer bytes, Consumer<ByteBuffer> sink) {
        ByteBuffer stored = chunk();
        while (bytes.hasRemaining()) {
            int inChunk = (int) (content % Chunks.CONTENT_BYTES);
            if (inChunk == 0) {
                cipher.begin(key, Chunks.number(content));
            }
            int count = Math.min(bytes.remaining(), Chunks.CONTENT_BYTES - inChunk);
            ByteBuffer piece = bytes.slice(bytes.position(), count);
            cipher.update(piece, stored);
            bytes.position(bytes.position() + count);
            content += count;
            if (inChunk + count == Chunks.CONTENT_BYTES) {
                endChunk(stored, sink);
            }
        }
    }

    /// Gives the last chunk. No more content may come.
    public void end(Consumer<ByteBuffer> sink) {
        if (content % Chunks.CONTENT_BYTES != 0) {
            endChunk(chunk(), sink);
        }
    }

    /// What is kept of the encryption of all bytes.
    ///
    /// @param checksums of the content
    public Seal seal(List<Checksum> checksums) {
        return sealing.seal(runs(), RecordDraft.ofContent(content, checksums, null, List.of()));
    }

    /// The entity tag: the same content under the same key has the same one. It tells nothing of the content but
    /// under the cluster's own key, where S3's clients take it for the MD5.
    ///
    /// @param checksums of the content
    public String etag(List<Checksum> checksums) {
        if (sealing.encryption().scheme() == Encryption.Scheme.AES256) {
            for (Checksum checksum : checksums) {
                if (checksum.type() == ChecksumType.MD5) {
                    return checksum.hex();
                }
            }
        }
        byte[][] digests = checksums.stream().map(Checksum::digest).toArray(byte[][]::new);
        return HexFormat.of().formatHex(sealing.key().tag(digests), 0, TAG_BYTES) + "-x";
    }

    /// The record of what was written as its readers see it.
    public ObjectRecord opened(ObjectRecord record) {
        return sealing.open(record).record();
    }

    /// The content of what was written.
    ///
    /// @param bytes as they were given, from the first to the last; belong to the source
    public ByteSource open(ByteSource bytes) {
        return new OpenedSource(new GatheredBytes(bytes, buffers), sealing.key(), buffers, runs(), 0, content);
    }

    private Runs runs() {
        return content == 0 ? Runs.NONE : Runs.of(List.of(new Runs.Run(Chunks.stored(content), salt)));
    }

    /// Gives its memory back. What was written can be opened afterwards too.
    @Override
    public void close() {
        ByteBuffer stored = chunk;
        if (stored != null) {
            chunk = null;
            buffers.giveBack(stored);
        }
    }

    private void endChunk(ByteBuffer stored, Consumer<ByteBuffer> sink) {
        cipher.end(stored);
        sink.accept(stored.flip());
        stored.clear();
    }

    private ByteBuffer chunk() {
        ByteBuffer stored = chunk;
        if (stored == null) {
            stored = buffers.take();
            chunk = stored;
        }
        return stored;
    }
}
