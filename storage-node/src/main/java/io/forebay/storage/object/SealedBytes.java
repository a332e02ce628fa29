package io.forebay.storage.object;

import io.forebay.common.io.ByteSource;
import io.forebay.common.io.Checksummer;
import io.forebay.common.io.Checksummers;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.storage.crypto.Sealer;
import io.forebay.storage.metadata.ObjectRecord;
import java.nio.ByteBuffer;
import java.util.List;

/// The bytes of a write session on their way through encryption: what goes into the sink, and has the checksum by
/// which it is verified later, is ciphertext. For one thread at a time.
final class SealedBytes {
    private final Sealer sealer;
    private final ByteSink sink;
    private final Checksummer stored = Checksummers.of(ChecksumType.XXHASH64);

    /// @param sink the session's, which closes it
    SealedBytes(Sealer sealer, ByteSink sink) {
        this.sealer = sealer;
        this.sink = sink;
    }

    /// Takes all remaining content.
    void write(ByteBuffer content) {
        sealer.write(content, this::store);
    }

    /// Ends the writing.
    ///
    /// @param checksums of the content, those to keep
    WriteSession.Written end(WriteOptions options, List<Checksum> checksums) {
        sealer.end(this::store);
        return new WriteSession.Written(
                options, sink, List.of(stored.finish()), sealer.etag(checksums), sealer.seal(checksums));
    }

    /// The record of what was committed as its readers see it.
    ObjectRecord opened(ObjectRecord record) {
        return sealer.opened(record);
    }

    /// The content that came, so many bytes of it, decrypted again.
    Content content(long size) {
        Content ciphertext = sink.content();
        return new Content() {
            @Override
            public long size() {
                return size;
            }

            @Override
            public ByteSource open() {
                return sealer.open(ciphertext.open());
            }
        };
    }

    /// Gives memory back.
    void close() {
        sealer.close();
    }

    private void store(ByteBuffer ciphertext) {
        stored.update(ciphertext.duplicate());
        sink.write(ciphertext);
    }
}
