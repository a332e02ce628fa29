package io.forebay.storage.crypto;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.Encryption;
import io.forebay.storage.metadata.ByteWriter;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.metadata.Seal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The key of one object in hand: what is written of it is encrypted by it, what is stored of it is opened.
public final class Sealing {
    private final Envelope envelope;
    private final DataKey key;
    private final ChunkBuffers buffers;

    Sealing(Envelope envelope, DataKey key, ChunkBuffers buffers) {
        this.envelope = envelope;
        this.key = key;
        this.buffers = buffers;
    }

    public Encryption encryption() {
        return envelope.encryption();
    }

    /// The seal of an upload whose parts are to have this key.
    public Seal ofUpload() {
        return ofUpload(null);
    }

    /// As above, with the same key in custody.
    Seal ofUpload(@Nullable Envelope custody) {
        return SealCodec.ofUpload(envelope, custody);
    }

    /// Encrypts what is written at one go.
    public Sealer sealer() {
        return new Sealer(this, buffers);
    }

    /// Opens a record that is sealed under this key: of the object, or of a part of its upload. Throws CORRUPT when
    /// its seal was changed, or is of another object.
    public OpenedRecord open(ObjectRecord record) {
        Seal seal = record.seal();
        SealCodec.Parts parts = SealCodec.decode(seal == null ? ofUpload() : seal);
        byte @Nullable [] facts = key.ofFacts().open(parts.facts(), context(parts.runs()));
        if (facts == null) {
            throw corrupt();
        }
        ObjectRecord content = ObjectRecord.of(facts);
        if (content.size() != parts.runs().content()
                || record.size() != parts.runs().stored()) {
            throw corrupt();
        }
        return new OpenedRecord(record, content, parts.runs(), key, buffers);
    }

    /// The seal of an object that is made of sealed parts, or of an object and what is appended to it.
    ///
    /// @param pieces in their order
    /// @param content what the readers of the object see
    public Seal join(List<OpenedRecord> pieces, RecordDraft content) {
        return seal(Runs.joined(pieces.stream().map(OpenedRecord::runs).toList()), content);
    }

    Seal seal(Runs runs, RecordDraft content) {
        byte[] facts = key.ofFacts().seal(content.encode(), context(runs));
        return SealCodec.encode(content.size(), new SealCodec.Parts(envelope, runs, facts));
    }

    DataKey key() {
        return key;
    }

    /// The runs are bound to what is known of the content, so that none is missing or in another's place.
    private static byte[] context(Runs runs) {
        ByteWriter out = new ByteWriter(32);
        runs.write(out);
        return out.toBytes();
    }

    private static StoreException corrupt() {
        return new StoreException(ErrorCode.CORRUPT, "what is kept of an object's encryption is not as it was written");
    }
}
