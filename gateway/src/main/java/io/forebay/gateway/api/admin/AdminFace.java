package io.forebay.gateway.api.admin;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.Fault;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.gateway.core.Members;
import io.forebay.gateway.core.Nodes;
import io.forebay.protocol.api.JsonReply;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.VolumeInfo;
import io.forebay.protocol.api.VolumeList;
import io.forebay.protocol.api.VolumeLists;
import io.forebay.protocol.api.VolumeOrder;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Everything below `/admin` at the control port. A failure is `{"status":…,"message":…}`, as AIStore's are.
public final class AdminFace implements Handler {
    private static final Logger LOG = Logger.getLogger(AdminFace.class.getName());
    private static final String VOLUMES = "/admin/volumes";
    private static final String NODE_VOLUMES = "/v1/daemon/volumes";
    private final Nodes nodes;
    private final NodeErrors errors;
    private final ScrubAdmin scrubs;
    private final ClusterAdmin cluster;
    private final UserAdmin users;
    private final int maxMessageBytes;

    public AdminFace(Nodes nodes, Members members, UserDesk desk, NodeErrors errors, int maxMessageBytes) {
        this.nodes = nodes;
        this.errors = errors;
        this.scrubs = new ScrubAdmin(nodes);
        this.cluster = new ClusterAdmin(members);
        this.users = new UserAdmin(desk);
        this.maxMessageBytes = maxMessageBytes;
    }

    @Override
    public Reply handle(Exchange exchange) {
        try {
            return dispatch(exchange);
        } catch (StoreException failure) {
            return failed(exchange, failure);
        } catch (RuntimeException bug) {
            String text = "a bug in Forebay failed request " + exchange.id();
            return failed(exchange, new StoreException(ErrorCode.INTERNAL, text, bug));
        }
    }

    private Reply dispatch(Exchange exchange) {
        if (!exchange.mayWait()) {
            return Reply.WOULD_WAIT;
        }
        Method method = exchange.request().method();
        String path = exchange.request().rawPath();
        if (path.equals(ScrubAdmin.PATH)) {
            return scrubs.answer(exchange);
        }
        if (path.equals(ClusterAdmin.PATH)) {
            return cluster.answer(exchange);
        }
        if (path.equals(UserAdmin.PATH)) {
            return users.answer(exchange);
        }
        if (!path.equals(VOLUMES)) {
            return Reply.text(
                    404,
                    "nothing is at " + path + ": try " + VOLUMES + ", " + ScrubAdmin.PATH + ", " + ClusterAdmin.PATH
                            + " or " + UserAdmin.PATH + "\n");
        }
        return switch (method) {
            case GET -> volumes(exchange);
            case POST -> order(exchange);
            default -> NodeErrors.methodNotAllowed(method, "GET, POST");
        };
    }

    /// Passes an order on to the node that it is for.
    private Reply order(Exchange exchange) {
        byte[] message = JsonMessage.read(exchange, maxMessageBytes);
        VolumeOrder order = VolumeOrder.read(message);
        return nodes.tell(exchange, nodeOf(exchange, order), Method.POST, NODE_VOLUMES, message);
    }

    /// The node that is named, or has the volume, or is the only one.
    private NodeId nodeOf(Exchange exchange, VolumeOrder order) {
        if (!order.node().isEmpty()) {
            return new NodeId(order.node());
        }
        List<VolumeList> lists = lists(exchange);
        for (VolumeList list : lists) {
            for (VolumeInfo volume : list.volumes()) {
                if (volume.id().equals(order.volume()) || lists.size() == 1) {
                    return new NodeId(list.node());
                }
            }
        }
        throw new StoreException(
                ErrorCode.INVALID_ARGUMENT,
                order.action().equals("add")
                        ? "there are " + lists.size() + " storage nodes: name the one with --node"
                        : "no storage node has volume \"" + order.volume() + "\": name it by its id, or its node too");
    }

    private Reply volumes(Exchange exchange) {
        return JsonReply.of(new VolumeLists(lists(exchange)));
    }

    private List<VolumeList> lists(Exchange exchange) {
        return nodes.askStorage(exchange, NODE_VOLUMES).values().stream()
                .map(answer -> WireJson.convert(answer, VolumeList.class))
                .toList();
    }

    private Reply failed(Exchange exchange, StoreException failure) {
        if (failure.code().fault() == Fault.BUG || failure.code().fault() == Fault.STORAGE) {
            LOG.log(Level.SEVERE, failure, () -> "request " + exchange.id() + " of an administrator failed");
        }
        return errors.render(failure, exchange);
    }
}
