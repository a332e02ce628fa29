package io.forebay.storage.http;

import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.batch.ItemFrames;
import io.forebay.storage.batch.ItemReader;
import io.forebay.storage.batch.ItemsMessage;
import java.util.function.Function;

/// `GET /v1/ml/items`: the items of this node that another one puts into a batch.
final class ItemRequests {
    /// The word behind `ml` in a path.
    static final String PATH = "items";

    private final Function<Exchange, ItemReader> items;
    private final int maxMessageBytes;

    /// @param items the node's own objects alone, on behalf of another node's exchange
    ItemRequests(Function<Exchange, ItemReader> items, int maxMessageBytes) {
        this.items = items;
        this.maxMessageBytes = maxMessageBytes;
    }

    /// Throws INVALID_ARGUMENT for what is no message; what is the matter with an item is told in its place.
    Reply answer(Exchange exchange) {
        ItemsMessage message = WireJson.read(exchange.body().readAll(maxMessageBytes), ItemsMessage.class);
        return new Reply(
                200,
                new Headers().add("Content-Type", "application/octet-stream"),
                new Payload.Stream(new ItemFrames(message.batchItems(), items.apply(exchange))));
    }
}
