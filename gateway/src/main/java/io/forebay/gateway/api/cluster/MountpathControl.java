package io.forebay.gateway.api.cluster;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.gateway.core.Nodes;
import io.forebay.protocol.api.ActionMessage;
import io.forebay.protocol.api.VolumeOrder;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;

/// AIStore's verbs for mountpaths, sent through `/v1/reverse/daemon/mountpaths`: what `forebay volume` does, in
/// AIStore's words. The message's value is the mountpath.
final class MountpathControl {
    private static final String VOLUMES = "/v1/daemon/volumes";

    private final Nodes nodes;
    private final int maxMessageBytes;

    MountpathControl(Nodes nodes, int maxMessageBytes) {
        this.nodes = nodes;
        this.maxMessageBytes = maxMessageBytes;
    }

    /// Orders it of that node and answers 200 without a body. Throws INVALID_ARGUMENT, NO_SUCH_NODE.
    Reply order(Exchange exchange, NodeId id) {
        ActionMessage message = ActionMessage.parse(exchange.body().readAll(maxMessageBytes));
        if (!(message.value() instanceof String path) || path.isEmpty()) {
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT, "action \"" + message.action() + "\" does not name a mountpath");
        }
        VolumeOrder order = new VolumeOrder(verb(message.action()), path, id.value());
        Reply reply = nodes.tell(exchange, id, Method.POST, VOLUMES, WireJson.write(order));
        if (reply.status() >= 400) {
            return reply;
        }
        reply.payload().close();
        return Reply.of(200);
    }

    /// Detaching takes the objects elsewhere first, as AIStore's resilvering does.
    private static String verb(String action) {
        return switch (action) {
            case "attach-mp" -> "add";
            case "enable-mp" -> "enable";
            case "disable-mp" -> "disable";
            case "detach-mp" -> "drain";
            case "rescan-mp" -> "rescan";
            case "fshc-mp" -> "check";
            default ->
                throw new StoreException(
                        ErrorCode.INVALID_ARGUMENT, "unknown action \"" + action + "\" of a mountpath");
        };
    }
}
