package io.forebay.gateway.auth;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.seal.MasterKeys;
import io.forebay.common.seal.SealKey;
import io.forebay.common.seal.SealKeys;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Encrypts texts that only gateways of the cluster may read: AES-256-GCM under keys derived from its master key, one
/// for each purpose.
///
/// A sealed text is `1.KEYID.BASE64URL`, the last of a nonce of 12 bytes, the ciphertext and a tag of 16. It is bound
/// to
/// a context: it opens for the same context only. Safe to share between threads.
public final class SecretSeal {
    private static final String VERSION = "1";

    private final SealKeys keys;

    /// @param master the same at every gateway of the cluster
    /// @param purpose what is sealed: what is sealed for one cannot be opened for another
    public SecretSeal(MasterKeys master, String purpose) {
        this.keys = master.derive(purpose);
    }

    /// The sealed text.
    public String seal(String text, String context) {
        byte[] sealed = keys.current().seal(text.getBytes(StandardCharsets.UTF_8), SealKey.context(context));
        return VERSION + "." + keys.currentId() + "."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
    }

    /// The text that was sealed. Throws CORRUPT when it was sealed under another master key or for another context,
    /// was changed since, or is no sealed text.
    public String open(String sealed, String context) {
        String[] parts = sealed.split("\\.", -1);
        if (parts.length != 3 || !parts[0].equals(VERSION)) {
            throw corrupt("it is no sealed text of this version");
        }
        SealKey key = keys.find(parts[1]);
        if (key == null) {
            throw corrupt("it was sealed under another master key (" + parts[1] + ", this gateway has "
                    + keys.currentId() + ")");
        }
        byte[] text;
        try {
            text = key.open(Base64.getUrlDecoder().decode(parts[2]), SealKey.context(context));
        } catch (IllegalArgumentException e) {
            throw corrupt("it is no base64");
        }
        if (text == null) {
            throw corrupt("it was changed, or sealed for something else");
        }
        return new String(text, StandardCharsets.UTF_8);
    }

    private static StoreException corrupt(String why) {
        return new StoreException(ErrorCode.CORRUPT, "a sealed secret cannot be opened: " + why);
    }
}
