package io.forebay.protocol.http;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.util.concurrent.atomic.LongAdder;

/// Calls the outermost handler so that whatever happens is a reply.
public final class Answering {
    private static final System.Logger LOG = System.getLogger(Answering.class.getName());

    private final Handler handler;
    private final LongAdder failures;

    /// Counts bugs in `failures`.
    public Answering(Handler handler, LongAdder failures) {
        this.handler = handler;
        this.failures = failures;
    }

    /// The handler's reply; a text with a fitting status when it threw. Never throws.
    public Reply call(Exchange exchange) {
        try {
            Reply reply = handler.handle(exchange);
            if (reply.wouldWait() && exchange.mayWait()) {
                throw new IllegalStateException("the handler would wait where it may");
            }
            return reply;
        } catch (StoreException e) {
            return failed(exchange, e);
        } catch (Throwable e) {
            return broken(exchange, e);
        }
    }

    /// What a failure that no face rendered is answered with.
    public Reply failed(Exchange exchange, StoreException failure) {
        if (failure.code() == ErrorCode.INTERNAL) {
            return broken(exchange, failure);
        }
        Reply reply = Reply.text(status(failure.code()), failure.code() + ": " + failure.text() + "\n");
        return failure.code() == ErrorCode.BUSY ? reply.with("Retry-After", "1") : reply;
    }

    /// What a bug is answered with; logs and counts it.
    public Reply broken(Exchange exchange, Throwable failure) {
        failures.increment();
        LOG.log(
                System.Logger.Level.ERROR,
                () -> "request " + exchange.id() + " failed: "
                        + exchange.request().method() + " " + exchange.request().target(),
                failure);
        return Reply.text(500, "INTERNAL: request " + exchange.id() + " failed\n");
    }

    private static int status(ErrorCode code) {
        return switch (code) {
            case INVALID_ARGUMENT,
                    INVALID_PART,
                    INVALID_PART_ORDER,
                    PART_TOO_SMALL,
                    INCOMPLETE_BODY,
                    CHECKSUM_MISMATCH,
                    KEY_REFUSED,
                    KEY_UNKNOWN -> 400;
            case UNAUTHENTICATED -> 401;
            case FORBIDDEN -> 403;
            case NO_SUCH_BUCKET,
                    NO_SUCH_OBJECT,
                    NO_SUCH_VERSION,
                    NO_SUCH_UPLOAD,
                    NO_SUCH_JOB,
                    NO_SUCH_SAMPLE,
                    NO_SUCH_NODE,
                    NO_SUCH_USER -> 404;
            case DEADLINE_EXCEEDED -> 408;
            case ALREADY_EXISTS, NOT_EMPTY, IN_USE -> 409;
            case PRECONDITION_FAILED -> 412;
            case TOO_LARGE -> 413;
            case RANGE_NOT_SATISFIABLE -> 416;
            case INTERNAL, CORRUPT -> 500;
            case UNSUPPORTED -> 501;
            case BACKEND_FAILED -> 502;
            case BUSY, NOT_OWNER, STALE_MAP, NOT_LEADER, NODE_UNAVAILABLE, VOLUME_FAILED, BACKEND_UNAVAILABLE -> 503;
            case NO_SPACE -> 507;
        };
    }
}
