package io.forebay.protocol.http.vertx;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.http.Answering;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.HttpDate;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.PayloadSource;
import io.forebay.protocol.http.Reply;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Sends replies from the virtual threads that made them, one buffer after the other as the client takes them.
final class VertxReplies {
    private static final System.Logger LOG = System.getLogger(VertxReplies.class.getName());

    private final Answering answering;
    private volatile boolean ending;

    VertxReplies(Answering answering) {
        this.answering = answering;
    }

    /// From now on each reply is its connection's last.
    void endConnections() {
        ending = true;
    }

    /// Sends a reply and closes its payload. Returns when everything was handed to the connection, or it was lost.
    void send(VertxExchange exchange, Context context, HttpServerResponse response, Reply reply) {
        try (PayloadSource source = new PayloadSource(reply.payload())) {
            ByteBuffer first;
            boolean bodyless = exchange.request().method() == Method.HEAD || isBodyless(reply.status());
            try {
                if (reply.status() < 200
                        || reply.status() > 599
                        || !reply.headers().sendable()) {
                    throw new IllegalStateException("status or a header of the reply cannot be sent");
                }
                first = bodyless ? null : source.next();
            } catch (StoreException e) {
                send(exchange, context, response, answering.failed(exchange, e));
                return;
            } catch (RuntimeException e) {
                send(exchange, context, response, answering.broken(exchange, e));
                return;
            }
            move(exchange, context, response, reply, source, first);
        }
    }

    private static boolean isBodyless(int status) {
        return status == 204 || status == 304;
    }

    private void move(
            VertxExchange exchange,
            Context context,
            HttpServerResponse response,
            Reply reply,
            PayloadSource source,
            @Nullable ByteBuffer first) {
        long length = reply.payload().length();
        long moved = 0;
        try {
            await(context, () -> head(response, reply, length));
            for (ByteBuffer next = first; next != null; next = source.next()) {
                moved += next.remaining();
                if (length >= 0 && moved > length) {
                    throw new StoreException(ErrorCode.INTERNAL, "a payload is longer than its length " + length);
                }
                Buffer buffer = copy(next);
                await(context, () -> response.write(buffer));
            }
            if (first != null && length >= 0 && moved != length) {
                throw new StoreException(ErrorCode.INTERNAL, "a payload of " + length + " bytes ended after " + moved);
            }
            await(context, response::end);
        } catch (CompletionException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> "request " + exchange.id() + " lost its connection");
        } catch (StoreException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> "request " + exchange.id() + " was cut: " + e.text());
            cut(context, response);
        } catch (RuntimeException e) {
            answering.broken(exchange, e);
            cut(context, response);
        }
    }

    private Future<Void> head(HttpServerResponse response, Reply reply, long length) {
        response.setStatusCode(reply.status());
        Headers headers = reply.headers();
        for (int index = 0; index < headers.count(); index++) {
            response.headers().add(headers.name(index), headers.value(index));
        }
        response.putHeader("Date", HttpDate.format(System.currentTimeMillis()));
        response.putHeader("Server", "Forebay");
        if (ending) {
            response.putHeader("Connection", "close");
        }
        if (length < 0) {
            response.setChunked(true);
        } else if (!isBodyless(reply.status())) {
            response.putHeader("Content-Length", Long.toString(length));
        }
        return Future.succeededFuture();
    }

    private static Buffer copy(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return Buffer.buffer(copy);
    }

    /// The response belongs to the event loop; a client that is slow holds up this thread only.
    private static void await(Context context, Supplier<Future<Void>> action) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        context.runOnContext(ignored -> {
            try {
                action.get().onComplete(result -> {
                    if (result.succeeded()) {
                        done.complete(null);
                    } else {
                        done.completeExceptionally(result.cause());
                    }
                });
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        done.join();
    }

    private static void cut(Context context, HttpServerResponse response) {
        context.runOnContext(ignored -> response.reset());
    }
}
