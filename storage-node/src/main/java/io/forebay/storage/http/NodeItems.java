package io.forebay.storage.http;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.api.AisHeaders;
import io.forebay.protocol.api.AisQuery;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.PercentCode;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.batch.BatchItem;
import io.forebay.storage.batch.ItemReader;

/// The items of one batch as this node's clients would read them: here, or at their owners, to which the
/// reads are sent on.
final class NodeItems implements ItemReader {
    private final ObjectRoutes routes;
    private final Ownership ownership;
    private final Exchange exchange;
    private final String redirected;

    NodeItems(ObjectRoutes routes, Ownership ownership, Exchange exchange) {
        this.routes = routes;
        this.ownership = ownership;
        this.exchange = exchange;
        // As if a gateway had led each read here: then it goes on from here where it does not belong.
        this.redirected = AisQuery.GATEWAY_ID + "=" + ownership.node();
    }

    @Override
    public boolean isHere(BatchItem item) {
        return ownership.isPrimary(item.key());
    }

    @Override
    public Opened open(BatchItem item) {
        Headers headers = new Headers();
        if (item.range() != null) {
            headers.add("Range", item.range());
        }
        String query = item.member().isEmpty()
                ? redirected
                : redirected + "&" + AisQuery.ARCHIVE_PATH + "=" + PercentCode.encode(item.member());
        Reply reply = routes.read(exchange, item.key(), query, headers);
        if (reply.status() >= 400) {
            throw NodeErrors.read(reply);
        }
        if (reply.payload().length() < 0) {
            reply.payload().close();
            throw new StoreException(ErrorCode.INTERNAL, "the length of " + item.key() + " is not known");
        }
        return new Opened(
                reply.payload(),
                reply.headers().find(AisHeaders.CHECKSUM_VALUE, "")
                        + " "
                        + reply.headers().find(AisHeaders.VERSION, ""));
    }

    @Override
    public void awaitChange() {
        ownership.awaitChange();
    }
}
