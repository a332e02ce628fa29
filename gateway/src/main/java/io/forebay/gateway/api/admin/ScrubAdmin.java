package io.forebay.gateway.api.admin;

import io.forebay.cluster.state.Node;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.gateway.core.Nodes;
import io.forebay.protocol.api.JsonReply;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.ScrubList;
import io.forebay.protocol.api.ScrubLists;
import io.forebay.protocol.api.ScrubOrder;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import java.util.List;

/// `/admin/scrub`: how the verification of all volumes stands and what is damaged (GET), and the order to verify now
/// (POST).
final class ScrubAdmin {
    static final String PATH = "/admin/scrub";

    private static final String NODE_PATH = "/v1/daemon/scrub";
    private static final int MAX_ORDER_BYTES = 4096;

    private final Nodes nodes;

    ScrubAdmin(Nodes nodes) {
        this.nodes = nodes;
    }

    Reply answer(Exchange exchange) {
        Method method = exchange.request().method();
        return switch (method) {
            case GET -> render(lists(exchange));
            case POST -> begin(exchange);
            case PUT, DELETE, HEAD, PATCH, OPTIONS -> NodeErrors.methodNotAllowed(method, "GET, POST");
        };
    }

    private Reply begin(Exchange exchange) {
        ScrubOrder order = WireJson.read(exchange.body().readAll(MAX_ORDER_BYTES), ScrubOrder.class);
        String id = order.volume();
        List<ScrubList> present = lists(exchange);
        boolean known = id.isEmpty()
                || present.stream()
                        .flatMap(list -> list.volumes().stream())
                        .anyMatch(volume -> volume.volume().equals(id));
        if (!known) {
            throw new StoreException(ErrorCode.INVALID_ARGUMENT, "no volume in service has the id \"" + id + "\"");
        }
        for (Node node : nodes.storageNodes()) {
            if (node.phase() == Node.Phase.ACTIVE) {
                Reply reply = nodes.tell(exchange, node.id(), Method.POST, NODE_PATH, WireJson.write(order));
                if (reply.status() >= 400) {
                    throw NodeErrors.read(reply);
                }
                reply.payload().close();
            }
        }
        return render(lists(exchange));
    }

    private List<ScrubList> lists(Exchange exchange) {
        return nodes.askStorage(exchange, NODE_PATH).values().stream()
                .map(answer -> WireJson.convert(answer, ScrubList.class))
                .toList();
    }

    private static Reply render(List<ScrubList> lists) {
        return JsonReply.of(new ScrubLists(lists));
    }
}
