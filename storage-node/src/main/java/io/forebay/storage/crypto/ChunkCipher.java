package io.forebay.storage.crypto;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/// AES-256-GCM over chunks. The nonce of a chunk is its number: no two chunks under one key have the same.
///
/// For one thread at a time.
final class ChunkCipher {
    private static final int NONCE_BYTES = 12;
    private static final int NUMBER_AT = 4;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Cipher cipher;

    ChunkCipher() {
        try {
            cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw unavailable(e);
        }
    }

    /// Begins to encrypt a chunk.
    void begin(SecretKey key, long number) {
        init(Cipher.ENCRYPT_MODE, key, number);
    }

    /// Encrypts further content of the chunk, all that remains in the buffer.
    void update(ByteBuffer content, ByteBuffer stored) {
        try {
            cipher.update(content, stored);
        } catch (GeneralSecurityException e) {
            throw unavailable(e);
        }
    }

    /// Ends the chunk.
    void end(ByteBuffer stored) {
        try {
            cipher.doFinal(NOTHING.duplicate(), stored);
        } catch (GeneralSecurityException e) {
            throw unavailable(e);
        }
    }

    /// Opens a whole chunk, all that remains in the buffer. Throws CORRUPT when it is not as it was written.
    void open(SecretKey key, long number, ByteBuffer stored, ByteBuffer content) {
        init(Cipher.DECRYPT_MODE, key, number);
        try {
            cipher.doFinal(stored, content);
        } catch (AEADBadTagException e) {
            throw new StoreException(
                    ErrorCode.CORRUPT, "encrypted bytes are not as they were written (chunk " + number + ")");
        } catch (GeneralSecurityException e) {
            throw unavailable(e);
        }
    }

    private void init(int mode, SecretKey key, long number) {
        byte[] nonce = new byte[NONCE_BYTES];
        ByteBuffer.wrap(nonce).putLong(NUMBER_AT, number);
        try {
            cipher.init(mode, key, new GCMParameterSpec(8 * Chunks.TAG_BYTES, nonce));
        } catch (GeneralSecurityException e) {
            throw unavailable(e);
        }
    }

    private static IllegalStateException unavailable(GeneralSecurityException e) {
        return new IllegalStateException("this Java cannot encrypt by AES-GCM", e);
    }
}
