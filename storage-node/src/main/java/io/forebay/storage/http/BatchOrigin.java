package io.forebay.storage.http;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.batch.SentBytes;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Headers;
import org.jspecify.annotations.Nullable;

/// What a batch has from the request that began it, which is the same at every node that is asked for it.
///
/// @param id names it
/// @param modifiedMillis of all members, in milliseconds since the epoch
/// @param sent what its client has already; null for nothing
record BatchOrigin(String id, long modifiedMillis, @Nullable SentBytes sent) {
    /// What a gateway says, or the exchange's own id and that time. Throws INVALID_ARGUMENT.
    static BatchOrigin of(Exchange exchange, long nowMillis) {
        Headers headers = exchange.request().headers();
        return new BatchOrigin(
                headers.find(NodeHeaders.REQUEST_ID, exchange.id()),
                modifiedMillis(headers.find(NodeHeaders.BATCH_TIME), nowMillis),
                SentBytes.find(headers));
    }

    private static long modifiedMillis(@Nullable String text, long nowMillis) {
        try {
            return text == null ? nowMillis : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT, NodeHeaders.BATCH_TIME + " is not a number: \"" + text + "\"", e);
        }
    }
}
