package io.forebay.storage.metadata;

import java.util.Arrays;

/// What a record keeps of the encryption of its bytes, which are then ciphertext: whoever encrypts knows what it
/// means.
///
/// Size and checksums of such a record, and of its parts, are those of the ciphertext.
public final class Seal {
    private final long contentSize;
    private final byte[] bytes;

    /// @param contentSize of the object as its readers see it, in bytes
    /// @param bytes belong to the seal from now on
    public Seal(long contentSize, byte[] bytes) {
        this.contentSize = contentSize;
        this.bytes = bytes;
    }

    public long contentSize() {
        return contentSize;
    }

    /// Never changed by the receiver.
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Seal seal && seal.contentSize == contentSize && Arrays.equals(seal.bytes, bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "seal of " + contentSize + " bytes";
    }
}
