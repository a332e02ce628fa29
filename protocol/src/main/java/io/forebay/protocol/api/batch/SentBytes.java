package io.forebay.protocol.api.batch;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.XxHash64;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Headers;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// How much of the answer to a batch its client has already, where another node is to send the rest
/// (docs/decisions/0028). In the header `Forebay-Batch-Sent` it is `COUNT DIGEST`.
///
/// @param count in bytes, more than 0
/// @param digest XXH64 of these bytes
public record SentBytes(long count, long digest) {
    /// What a request says; null when it asks for the whole answer. Throws INVALID_ARGUMENT.
    public static @Nullable SentBytes find(Headers headers) {
        String text = headers.find(NodeHeaders.BATCH_SENT);
        if (text == null) {
            return null;
        }
        int blank = text.indexOf(' ');
        try {
            long count = blank < 0 ? 0 : Long.parseLong(text, 0, blank, 10);
            if (count > 0) {
                return new SentBytes(count, HexFormat.fromHexDigitsToLong(text.substring(blank + 1)));
            }
        } catch (IllegalArgumentException e) {
            throw new StoreException(ErrorCode.INVALID_ARGUMENT, invalid(text), e);
        }
        throw new StoreException(ErrorCode.INVALID_ARGUMENT, invalid(text));
    }

    /// Says it in a request.
    public void addTo(Headers headers) {
        headers.set(NodeHeaders.BATCH_SENT, count + " " + HexFormat.of().toHexDigits(digest));
    }

    /// Whether these are the bytes that went into the hash.
    public boolean is(XxHash64 hash) {
        return hash.value() == digest;
    }

    private static String invalid(String text) {
        return NodeHeaders.BATCH_SENT + " is no count and digest: \"" + text + "\"";
    }
}
