package io.forebay.storage.crypto;

import io.forebay.common.model.Encryption;
import io.forebay.storage.metadata.ByteReader;
import io.forebay.storage.metadata.ByteWriter;

/// The key of an object as it is kept: encrypted under another key.
///
/// @param encryption says which other key
/// @param masterId the id of the derived key that it is; empty for a customer's
/// @param wrapped the encrypted key
@SuppressWarnings("ArrayRecordComponent") // Encoded bytes, which nobody compares by this record.
record Envelope(Encryption encryption, String masterId, byte[] wrapped) {
    void write(ByteWriter out) {
        out.putText(encryption.toString()).putText(masterId);
        out.putVarint(wrapped.length).putBytes(wrapped);
    }

    static Envelope read(ByteReader in) {
        return new Envelope(Encryption.parse(in.readText()), in.readText(), in.readBytes(in.readCount()));
    }
}
