package io.forebay.gateway.api.admin;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.Fault;
import io.forebay.common.error.StoreException;
import io.forebay.gateway.core.Nodes;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.VolumeList;
import io.forebay.protocol.api.VolumeLists;
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
    private static final String JSON = "application/json; charset=utf-8";

    private final Nodes nodes;
    private final NodeErrors errors;
    private final ScrubAdmin scrubs;

    public AdminFace(Nodes nodes, NodeErrors errors) {
        this.nodes = nodes;
        this.errors = errors;
        this.scrubs = new ScrubAdmin(nodes);
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
        if (!path.equals(VOLUMES)) {
            return Reply.text(404, "nothing is at " + path + ": try " + VOLUMES + " or " + ScrubAdmin.PATH + "\n");
        }
        return method == Method.GET ? volumes(exchange) : NodeErrors.methodNotAllowed(method, "GET");
    }

    private Reply volumes(Exchange exchange) {
        List<VolumeList> lists = nodes.askStorage(exchange, NODE_VOLUMES).values().stream()
                .map(answer -> WireJson.convert(answer, VolumeList.class))
                .toList();
        return Reply.of(200, JSON, WireJson.line(new VolumeLists(lists)));
    }

    private Reply failed(Exchange exchange, StoreException failure) {
        if (failure.code().fault() == Fault.BUG || failure.code().fault() == Fault.STORAGE) {
            LOG.log(Level.SEVERE, failure, () -> "request " + exchange.id() + " of an administrator failed");
        }
        return errors.render(failure, exchange);
    }
}
