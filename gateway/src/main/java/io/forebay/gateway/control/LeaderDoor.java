package io.forebay.gateway.control;

import io.forebay.cluster.state.Node;
import io.forebay.cluster.watch.Leadership;
import io.forebay.cluster.watch.StateWatch;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.Fault;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.protocol.api.JsonReply;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.api.control.ControlPaths;
import io.forebay.protocol.api.control.Heartbeat;
import io.forebay.protocol.api.control.JoinRequest;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import java.util.logging.Level;
import java.util.logging.Logger;

/// What other nodes ask of a gateway at its control port: heartbeats, joining and the table of nodes, which
/// only the leader answers, and the feed of states, which every gateway does. A gateway that does not lead
/// answers 421 with the leader's address. Callers have shown the cluster's secret before.
public final class LeaderDoor implements Handler {
    private static final Logger LOG = Logger.getLogger(LeaderDoor.class.getName());
    private static final int MAX_MESSAGE_BYTES = 64 * 1024;

    private final Supervisor supervisor;
    private final Admission admission;
    private final Handler feed;
    private final Leadership leadership;
    private final StateWatch watch;
    private final NodeErrors errors;

    /// @param feed answers `ControlPaths.STATE`
    public LeaderDoor(
            NodeId self,
            Supervisor supervisor,
            Admission admission,
            Handler feed,
            Leadership leadership,
            StateWatch watch) {
        this.supervisor = supervisor;
        this.admission = admission;
        this.feed = feed;
        this.leadership = leadership;
        this.watch = watch;
        this.errors = new NodeErrors("p[" + self + "]");
    }

    @Override
    public Reply handle(Exchange exchange) {
        if (!exchange.mayWait()) {
            return Reply.WOULD_WAIT;
        }
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
        Method method = exchange.request().method();
        String path = exchange.request().rawPath();
        return switch (path) {
            case ControlPaths.STATE -> feed.handle(exchange);
            case ControlPaths.HEARTBEAT ->
                method == Method.POST
                        ? JsonReply.of(supervisor.send(read(exchange, Heartbeat.class)))
                        : NodeErrors.methodNotAllowed(method, "POST");
            case ControlPaths.JOIN ->
                method == Method.POST ? join(exchange) : NodeErrors.methodNotAllowed(method, "POST");
            case ControlPaths.NODES ->
                method == Method.GET ? JsonReply.of(supervisor.nodes()) : NodeErrors.methodNotAllowed(method, "GET");
            default -> throw NodeErrors.noSuchApi(path);
        };
    }

    private Reply join(Exchange exchange) {
        JoinRequest request = read(exchange, JoinRequest.class);
        supervisor.requireProof();
        return JsonReply.of(admission.admit(request));
    }

    private static <T> T read(Exchange exchange, Class<T> type) {
        return WireJson.read(exchange.body().readAll(MAX_MESSAGE_BYTES), type);
    }

    private Reply failed(Exchange exchange, StoreException failure) {
        if (failure.code().fault() == Fault.BUG || failure.code().fault() == Fault.STORAGE) {
            LOG.log(
                    Level.SEVERE,
                    failure,
                    () -> "request " + exchange.id() + " of a node failed: "
                            + exchange.request().target());
        }
        Reply reply = errors.render(failure, exchange);
        if (failure.code() != ErrorCode.NOT_LEADER) {
            return reply;
        }
        NodeId leader = leadership.leader();
        Node node = leader == null ? null : watch.current().node(leader);
        return NodeErrors.misdirected(reply, node == null || node.controlUrl().isEmpty() ? null : node.controlUrl());
    }
}
