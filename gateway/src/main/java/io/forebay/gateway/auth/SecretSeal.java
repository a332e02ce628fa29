package io.forebay.gateway.auth;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Encrypts texts that only gateways of the cluster may read: AES-256-GCM under keys derived from its master key, one
/// for each purpose.
///
/// A sealed text is `1.KEYID.BASE64URL`, the last of a nonce of 12 bytes, the ciphertext and a tag of 16. It is bound
/// to
/// a context: it opens for the same context only. Safe to share between threads.
public final class SecretSeal {
    private static final String VERSION = "1";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int ID_DIGITS = 8;

    private final SecretKeySpec key;
    private final String keyId;
    private final SecureRandom random = new SecureRandom();

    /// @param masterKey the same at every gateway of the cluster
    /// @param purpose what is sealed: what is sealed for one cannot be opened for another
    public SecretSeal(String masterKey, String purpose) {
        byte[] derived = hmac(masterKey, "forebay seal " + purpose);
        this.key = new SecretKeySpec(derived, "AES");
        this.keyId = HexFormat.of()
                .formatHex(hmac(masterKey, "forebay seal id " + purpose))
                .substring(0, ID_DIGITS);
    }

    /// The sealed text.
    public String seal(String text, String context) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] encrypted =
                    cipher(Cipher.ENCRYPT_MODE, nonce, context).doFinal(text.getBytes(StandardCharsets.UTF_8));
            byte[] sealed = Arrays.copyOf(nonce, NONCE_BYTES + encrypted.length);
            System.arraycopy(encrypted, 0, sealed, NONCE_BYTES, encrypted.length);
            return VERSION + "." + keyId + "."
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
        } catch (GeneralSecurityException e) {
            throw unavailable(e);
        }
    }

    /// The text that was sealed. Throws CORRUPT when it was sealed under another master key or for another context, was
    /// changed since, or is no sealed text.
    public String open(String sealed, String context) {
        String[] parts = sealed.split("\\.", -1);
        if (parts.length != 3 || !parts[0].equals(VERSION)) {
            throw corrupt("it is no sealed text of this version");
        }
        if (!parts[1].equals(keyId)) {
            throw corrupt("it was sealed under another master key (" + parts[1] + ", this gateway has " + keyId + ")");
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(parts[2]);
            if (bytes.length < NONCE_BYTES + TAG_BITS / 8) {
                throw corrupt("it is too short");
            }
            byte[] nonce = Arrays.copyOf(bytes, NONCE_BYTES);
            byte[] text =
                    cipher(Cipher.DECRYPT_MODE, nonce, context).doFinal(bytes, NONCE_BYTES, bytes.length - NONCE_BYTES);
            return new String(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw corrupt("it is no base64");
        } catch (AEADBadTagException e) {
            throw corrupt("it was changed, or sealed for something else");
        } catch (GeneralSecurityException e) {
            throw unavailable(e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String context) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    /// HMAC-SHA256 of a text under a secret.
    static byte[] hmac(String secret, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw unavailable(e);
        }
    }

    private static StoreException corrupt(String why) {
        return new StoreException(ErrorCode.CORRUPT, "a sealed secret cannot be opened: " + why);
    }

    private static IllegalStateException unavailable(GeneralSecurityException e) {
        return new IllegalStateException("this Java has no AES-GCM or HMAC-SHA256", e);
    }
}
