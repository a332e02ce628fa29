package io.forebay.common.model;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.util.Base64;

/// The key of a client, which it sends with each request on an object that it encrypts by it: 256 bits. It is never
/// kept, and never shows itself.
public final class CustomerKey {
    private static final int BYTES = 32;

    private final byte[] bytes;

    private CustomerKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Reads base64. Throws INVALID_ARGUMENT for what is no key; the text is not repeated.
    public static CustomerKey parse(String base64) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new StoreException(ErrorCode.INVALID_ARGUMENT, "the customer's key is not base64");
        }
        Check.argument(bytes.length == BYTES, "the customer's key has %s bytes, not %s", bytes.length, BYTES);
        return new CustomerKey(bytes);
    }

    /// The key itself. Never changed by the receiver.
    public byte[] bytes() {
        return bytes;
    }

    /// The form that `parse` reads, for the one request that it came with.
    public String base64() {
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Override
    public String toString() {
        return "***";
    }
}
