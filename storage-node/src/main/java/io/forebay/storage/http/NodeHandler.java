package io.forebay.storage.http;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.Fault;
import io.forebay.common.error.StoreException;
import io.forebay.common.time.SparseWarnings;
import io.forebay.common.time.Ticker;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Answers every request to a storage node: finds the operation, runs it within the limits, and makes a reply of
/// whatever happens. Believes every header, so only gateways may reach it directly (`NetworkDoor`).
public final class NodeHandler implements Handler {
    private static final System.Logger LOG = System.getLogger(NodeHandler.class.getName());

    private final NodeRoutes routes;
    private final NodeErrors errors;
    private final Admission admission;
    private final RequestMeters meters;
    private final LongSupplier stateVersion;
    private final Ticker ticker;
    private final SparseWarnings<ErrorCode> warnings = new SparseWarnings<>(ErrorCode.class);

    NodeHandler(
            NodeRoutes routes,
            NodeErrors errors,
            Admission admission,
            RequestMeters meters,
            LongSupplier stateVersion,
            Ticker ticker) {
        this.routes = routes;
        this.errors = errors;
        this.admission = admission;
        this.meters = meters;
        this.stateVersion = stateVersion;
        this.ticker = ticker;
    }

    @Override
    public Reply handle(Exchange exchange) {
        long started = ticker.nanos();
        Outcome outcome = exchange.mayWait() ? admitted(exchange) : attempt(exchange);
        Reply reply = outcome.reply();
        if (!reply.wouldWait()) {
            meters.count(outcome.operation(), outcome.failure(), ticker.nanos() - started, exchange.mayWait());
        }
        return reply;
    }

    /// What became of one request.
    private record Outcome(
            Operation operation, Reply reply, @Nullable ErrorCode failure) {}

    private Outcome admitted(Exchange exchange) {
        try {
            admission.enter();
        } catch (StoreException refused) {
            return failed(Operation.UNKNOWN, refused, exchange);
        }
        try {
            return attempt(exchange);
        } finally {
            admission.leave();
        }
    }

    private Outcome attempt(Exchange exchange) {
        Operation operation = Operation.UNKNOWN;
        try {
            NodeRoutes.Endpoint endpoint = routes.find(exchange);
            operation = endpoint.operation();
            Reply reply = endpoint.answer().get();
            return new Outcome(operation, reply, null);
        } catch (StoreException failure) {
            return failed(operation, failure, exchange);
        } catch (RuntimeException bug) {
            String text = "a bug in Forebay failed request " + exchange.id();
            return failed(operation, new StoreException(ErrorCode.INTERNAL, text, bug), exchange);
        }
    }

    private Outcome failed(Operation operation, StoreException failure, Exchange exchange) {
        log(operation, failure, exchange);
        Reply reply = errors.render(failure, exchange);
        if (failure.code().fault() == Fault.ROUTING) {
            reply.with(NodeHeaders.STATE_VERSION, Long.toString(stateVersion.getAsLong()));
        }
        return new Outcome(operation, reply, failure.code());
    }

    /// A bug is logged with its stack, as is a disk's failure now and then, and in one line too much work; the
    /// rest is the caller's.
    private void log(Operation operation, StoreException failure, Exchange exchange) {
        Request request = exchange.request();
        String what = errors.node() + ": " + operation.label() + " failed: " + request.method() + " " + request.target()
                + " (request " + exchange.id() + ")";
        switch (failure.code().fault()) {
            case BUG -> LOG.log(System.Logger.Level.ERROR, what, failure);
            case STORAGE -> {
                if (warnings.isDue(failure.code(), ticker.nanos())) {
                    LOG.log(System.Logger.Level.ERROR, what, failure);
                }
            }
            case OVERLOAD, BACKEND -> {
                if (warnings.isDue(failure.code(), ticker.nanos())) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            errors.node() + ": " + operation.label() + ": " + failure.code() + ": " + failure.text());
                }
            }
            case CALLER, CONFLICT, ABSENT, ROUTING -> {
                // An answer, not an accident.
            }
        }
    }
}
