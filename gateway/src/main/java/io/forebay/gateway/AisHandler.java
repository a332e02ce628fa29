package io.forebay.gateway;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.Fault;
import io.forebay.common.error.StoreException;
import io.forebay.gateway.api.cluster.ClusterFace;
import io.forebay.gateway.api.object.BatchFace;
import io.forebay.gateway.api.object.BucketFace;
import io.forebay.gateway.api.object.ObjectFace;
import io.forebay.gateway.auth.Action;
import io.forebay.gateway.auth.Ask;
import io.forebay.gateway.auth.Authorizer;
import io.forebay.gateway.auth.Caller;
import io.forebay.gateway.auth.Permissions;
import io.forebay.protocol.api.AisHeaders;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.util.logging.Level;
import java.util.logging.Logger;

/// The outermost handler of the AIStore face: admits the caller, finds the part of the face that answers, and says
/// failures as AIStore does.
final class AisHandler implements Handler {
    private static final Logger LOG = Logger.getLogger(AisHandler.class.getName());
    private static final String OBJECTS = "/v1/objects/";
    private static final String BUCKETS = "/v1/buckets";
    private static final String HEALTH = "/v1/health";
    private static final String BATCHES = "/v1/ml";

    private final Authorizer authorizer;
    private final Permissions permissions;
    private final ObjectFace objects;
    private final BucketFace buckets;
    private final BatchFace batches;
    private final ClusterFace cluster;
    private final NodeErrors errors;
    private final AisMeters meters;

    AisHandler(
            Authorizer authorizer,
            Permissions permissions,
            ObjectFace objects,
            BucketFace buckets,
            BatchFace batches,
            ClusterFace cluster,
            NodeErrors errors,
            AisMeters meters) {
        this.authorizer = authorizer;
        this.permissions = permissions;
        this.objects = objects;
        this.buckets = buckets;
        this.batches = batches;
        this.cluster = cluster;
        this.errors = errors;
        this.meters = meters;
    }

    @Override
    public Reply handle(Exchange exchange) {
        Reply reply = answer(exchange);
        if (!reply.wouldWait() && exchange.request().target().startsWith(OBJECTS)) {
            meters.count(exchange.request().method(), reply.status());
        }
        return reply;
    }

    private Reply answer(Exchange exchange) {
        try {
            return dispatch(exchange);
        } catch (StoreException failure) {
            return failed(failure, exchange);
        } catch (RuntimeException bug) {
            String text = "a bug in Forebay failed request " + exchange.id();
            return failed(new StoreException(ErrorCode.INTERNAL, text, bug), exchange);
        }
    }

    private Reply dispatch(Exchange exchange) {
        Request request = exchange.request();
        String target = request.target();
        Query query = request.query();
        if (PathPrefix.isBelow(target, HEALTH)) {
            refuseNodes(request);
            return cluster.handle(exchange, query);
        }
        if (!cluster.isReady()) {
            return Reply.of(503);
        }
        Caller caller = authorizer.admit(request, query);
        if (target.startsWith(OBJECTS)) {
            return objects.handle(exchange, query, caller);
        }
        refuseNodes(request);
        if (PathPrefix.isBelow(target, BUCKETS)) {
            return buckets.handle(exchange, query, caller);
        }
        if (PathPrefix.isBelow(target, BATCHES)) {
            return batches.handle(exchange, query, caller);
        }
        permissions.check(new Ask(exchange, caller, Action.ADMINISTER, null, ""));
        return cluster.handle(exchange, query);
    }

    /// Only AIStore's own nodes send the header, and none of them is a client.
    private static void refuseNodes(Request request) {
        if (request.headers().contains(AisHeaders.CALLER_ID)) {
            throw new StoreException(
                    ErrorCode.FORBIDDEN, "requests between nodes (" + AisHeaders.CALLER_ID + ") are refused here");
        }
    }

    private Reply failed(StoreException failure, Exchange exchange) {
        ErrorCode code = failure.code();
        meters.countFailure(code);
        if (code.fault() == Fault.BUG || code.fault() == Fault.STORAGE) {
            Request request = exchange.request();
            LOG.log(
                    Level.SEVERE,
                    failure,
                    () -> "request " + exchange.id() + " failed: " + request.method() + " " + request.target());
        }
        return errors.render(failure, exchange);
    }
}
