package io.forebay.storage.crypto;

import io.forebay.storage.metadata.ByteReader;
import io.forebay.storage.metadata.ByteWriter;
import io.forebay.storage.metadata.Seal;
import org.jspecify.annotations.Nullable;

/// The bytes of a seal (`docs/storage-format.md`).
final class SealCodec {
    private static final int FORMAT = 1;
    private static final byte[] NOTHING = {};

    private SealCodec() {}

    /// What a seal says.
    ///
    /// @param facts the sealed record of the content; of an upload by a customer's key the one in
    ///   custody, else empty
    @SuppressWarnings("ArrayRecordComponent") // Encoded bytes, which nobody compares by this record.
    record Parts(Envelope envelope, Runs runs, byte[] facts) {}

    /// The seal of an upload, which has a key and no bytes yet.
    ///
    /// @param custody the key in custody, or null
    static Seal ofUpload(Envelope envelope, @Nullable Envelope custody) {
        byte[] kept = NOTHING;
        if (custody != null) {
            ByteWriter out = new ByteWriter(128);
            custody.write(out);
            kept = out.toBytes();
        }
        return encode(0, new Parts(envelope, Runs.NONE, kept));
    }

    /// The key in custody of an upload's seal, or null.
    static @Nullable Envelope custody(Seal seal) {
        byte[] kept = decode(seal).facts();
        return kept.length == 0 ? null : Envelope.read(new ByteReader(kept, 0));
    }

    static Seal encode(long contentSize, Parts parts) {
        ByteWriter out = new ByteWriter(256);
        out.putByte(FORMAT);
        parts.envelope().write(out);
        parts.runs().write(out);
        out.putVarint(parts.facts().length).putBytes(parts.facts());
        return new Seal(contentSize, out.toBytes());
    }

    /// Throws CORRUPT.
    static Parts decode(Seal seal) {
        ByteReader in = reader(seal);
        return new Parts(Envelope.read(in), Runs.read(in), in.readBytes(in.readCount()));
    }

    static Envelope envelope(Seal seal) {
        return Envelope.read(reader(seal));
    }

    private static ByteReader reader(Seal seal) {
        ByteReader in = new ByteReader(seal.bytes(), 0);
        if (in.readByte() != FORMAT) {
            throw ByteReader.corrupt();
        }
        return in;
    }
}
