package io.forebay.storage.http;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.protocol.api.AisHeaders;
import io.forebay.protocol.api.AisQuery;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.PercentCode;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import io.forebay.storage.batch.BatchItem;
import io.forebay.storage.batch.ItemReader;
import io.forebay.storage.batch.ItemsMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The items of one batch as this node's clients would read them: here, or at their owners, to which the
/// reads are sent on; or those of this node alone, for a batch of another one.
final class NodeItems implements ItemReader {
    private final ObjectRoutes routes;
    private final Ownership ownership;
    private final Forwarding forwarding;
    private final Exchange exchange;
    private final @Nullable String stateVersion;
    private final String redirected;

    /// @param stateVersion the one that another node led the reads here by; null for those of a client
    private NodeItems(
            ObjectRoutes routes,
            Ownership ownership,
            Forwarding forwarding,
            Exchange exchange,
            @Nullable String stateVersion) {
        this.routes = routes;
        this.ownership = ownership;
        this.forwarding = forwarding;
        this.exchange = exchange;
        this.stateVersion = stateVersion;
        // As if a gateway had led each read here: then it goes on from here where it does not belong.
        this.redirected = AisQuery.GATEWAY_ID + "=" + ownership.node();
    }

    /// The items of a client's batch.
    static NodeItems ofClient(ObjectRoutes routes, Ownership ownership, Forwarding forwarding, Exchange exchange) {
        return new NodeItems(routes, ownership, forwarding, exchange, null);
    }

    /// This node's items for another node's batch: of others it says that they are elsewhere.
    static NodeItems ofNode(ObjectRoutes routes, Ownership ownership, Forwarding forwarding, Exchange exchange) {
        String version = exchange.request().headers().find(NodeHeaders.STATE_VERSION, "0");
        return new NodeItems(routes, ownership, forwarding, exchange, version);
    }

    @Override
    public @Nullable NodeId otherOwner(BatchItem item) {
        return ownership.otherOwner(item.key());
    }

    @Override
    public Payload openAll(NodeId owner, List<BatchItem> items) {
        Body message = MemoryBody.of(WireJson.write(ItemsMessage.of(items)));
        Request request = new Request(Method.GET, "/v1/ml/" + ItemRequests.PATH, new Headers());
        Exchange asking = DirectExchange.within(exchange, request, message);
        Reply reply = forwarding.forward(asking, ownership.view(), owner, message);
        if (reply.status() >= 400) {
            throw NodeErrors.read(reply);
        }
        return reply.payload();
    }

    @Override
    public Opened open(BatchItem item) {
        Headers headers = new Headers();
        if (stateVersion != null) {
            headers.add(NodeHeaders.STATE_VERSION, stateVersion);
        }
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
